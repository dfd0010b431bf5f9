"""Answers drawn by lot, of the shape that a question takes."""


def random_answer(question, chance):
    """Any answer that a person could give to this question."""
    options, rows = [option.id for option in question.options], [row.id for row in question.rows]
    columns = [column["id"] for column in question.columns]
    if question.kind == "single":
        return chance.choice(options)
    if question.kind == "multiple":
        return sorted(chance.sample(options, chance.randint(1, len(options))))
    if question.kind == "rank":
        return chance.sample(options, len(options))
    if question.kind in ("match", "classify"):
        return {row: chance.choice(columns) for row in rows if chance.random() < 0.9} or {rows[0]: columns[0]}
    if question.kind == "map":
        return {row: sorted(chance.sample(columns, chance.randint(1, len(columns)))) for row in rows}
    if question.kind == "number":
        return str(chance.randrange(1000))
    return chance.choice(
        ["Three offices.", "ثلاثة مكاتب", '“Quoted”, with {braces} and "marks".', "Line one\nline two <b>bold</b>"]
    )
