"""Run by Spark's own Python: clean tickets, count them by country, and make a table of that.

What it is given: `url`, `token`, `workspace`, `folder` and `jar`, the listener's.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pyspark.sql import SparkSession
from pyspark.sql import functions as do

given = json.loads(sys.argv[1])
folder = Path(given["folder"])
(folder / "in").mkdir()
(folder / "in" / "tickets.csv").write_text("id,customer,text\n1,7,slow\n2,8,broken\n")
(folder / "in" / "customers.csv").write_text("customer,country\n7,NO\n8,DE\n")

spark = (
    SparkSession.builder.master("local[1]")
    .appName("tickets")
    .config("spark.jars", given["jar"])
    .config("spark.extraListeners", "io.openlineage.spark.agent.OpenLineageSparkListener")
    .config("spark.openlineage.transport.type", "http")
    .config("spark.openlineage.transport.url", given["url"])
    .config("spark.openlineage.transport.timeoutInMillis", "60000")  # it sends nothing again
    .config("spark.openlineage.transport.auth.type", "api_key")
    .config("spark.openlineage.transport.auth.apiKey", given["token"])
    .config("spark.openlineage.transport.headers.Muniment-Workspace", given["workspace"])
    .config("spark.openlineage.transport.compression", "gzip")
    .config("spark.openlineage.namespace", "spark")
    .config("spark.openlineage.capturedProperties", "spark.master,spark.ui.password")
    .config("spark.ui.password", given["secret"])
    .config("spark.ui.enabled", "false")
    .config("spark.sql.shuffle.partitions", "1")
    .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
    .config("spark.driver.host", "127.0.0.1")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .getOrCreate()
)
tickets = spark.read.csv(str(folder / "in" / "tickets.csv"), header=True)
customers = spark.read.csv(str(folder / "in" / "customers.csv"), header=True)
clean = tickets.join(customers, "customer").select(
    tickets.id, do.upper(tickets.text).alias("text"), customers.country
)
clean.write.mode("overwrite").parquet(str(folder / "lake" / "tickets"))
spark.read.parquet(str(folder / "lake" / "tickets")).createOrReplaceTempView("tickets")
counted = spark.sql("SELECT country, count(id) AS tickets FROM tickets GROUP BY country")
counted.write.mode("overwrite").parquet(str(folder / "lake" / "countries"))
spark.read.parquet(str(folder / "lake" / "countries")).createOrReplaceTempView("countries")
spark.sql("CREATE TABLE totals USING parquet AS SELECT country, tickets FROM countries")
spark.stop()
