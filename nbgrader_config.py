"""nbgrader's settings: the usual nbgrader commands work in this folder."""

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "building_national_architectures"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
c.IncludeHeaderFooter.header = ""
# An empty exercise must not frighten: no NotImplementedError, just a place to write.
c.ClearSolutions.code_stub = {"python": "# Write your lines here, in place of the three dots.\n..."}
c.ClearSolutions.begin_solution_delimeter = "BEGIN SOLUTION"
c.ClearSolutions.end_solution_delimeter = "END SOLUTION"
