"""The ways in which a run ends without a result, as in every command of the project."""


class DataError(Exception):
    """The landing cannot be loaded as it is; nothing that readers see was changed. Exit code 1."""

    exit_code = 1

    def __init__(self, code: str, message: str, business_date: str | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.business_date = business_date
        """The date that is to blame; the others can be loaded. None where none of them can."""


class RunError(Exception):
    """The data is not to blame: another run writes, or the warehouse is not as this run left it. Exit code 2."""

    exit_code = 2

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class UsageError(Exception):
    """The job was called wrongly, or with a contract it cannot work with. Exit code 2."""

    exit_code = 2
    code = "USAGE"
