"""An Airflow of its own for the tests: a folder and a SQLite file that are gone afterwards."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

AIRFLOW = Path(__file__).parents[1]
JOB_FLOW = AIRFLOW.parent / "packages" / "etl-core" / "generated" / "airflow" / "job_flow.json"

# Before the first import of Airflow, which reads them then.
HOME = Path(tempfile.mkdtemp(prefix="sales-etl-airflow-"))
os.environ.update(
    AIRFLOW_HOME=str(HOME),
    AIRFLOW__CORE__DAGS_FOLDER=str(AIRFLOW / "dags"),
    AIRFLOW__CORE__LOAD_EXAMPLES="False",
    AIRFLOW__CORE__UNIT_TEST_MODE="False",
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN=f"sqlite:///{HOME}/airflow.db",
    AIRFLOW__USAGE_DATA_COLLECTION__ENABLED="False",
    AIRFLOW__LOGGING__LOGGING_LEVEL="WARNING",
    AWS_ACCESS_KEY_ID="test",
    AWS_SECRET_ACCESS_KEY="test",
    AWS_DEFAULT_REGION="us-east-1",
    # Whoever runs the tests: nothing of theirs may be used, and nothing outside this machine reached.
    AWS_CONFIG_FILE=os.devnull,
    AWS_SHARED_CREDENTIALS_FILE=os.devnull,
    AWS_EC2_METADATA_DISABLED="true",
    AWS_ENDPOINT_URL="http://127.0.0.1:9",
    NO_PROXY="127.0.0.1",
)
os.environ.pop("AWS_PROFILE", None)
os.environ.pop("SALES_ETL_JOB_FLOW", None)


@pytest.fixture(scope="session", autouse=True)
def _home() -> Iterator[None]:
    yield
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def dag_bag():
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(str(AIRFLOW / "dags"))


@pytest.fixture(scope="session")
def dag(dag_bag):
    return dag_bag.dags["sales_daily"]
