"""What the tasks of `sales_daily` do besides calling AWS: pure functions, without Airflow."""
