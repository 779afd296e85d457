"""Reads exports with DuckDB, and prints each row of each file as one JSON line: what another program sees in them.

read_export.py FILE.csv FILE.parquet …
"""

import json
import sys

import duckdb

COLUMNS = """event_id, epoch_ns(timestamp) AS timestamp_ns, event_type, ai_id, ai_version, session_id, request_id,
    sequence, epoch_ns(received_at) AS received_at_ns, api_key_id, key_id, gateway, redactions, event, record"""

# What a spreadsheet's table can't say is said here; no type is guessed, and nothing that does not fit is let pass.
CSV = """read_csv($1, header = true, delim = ',', quote = '"', escape = '"', strict_mode = true, nullstr = '',
    max_line_size = 33554432, columns = {
        'event_id': 'VARCHAR', 'timestamp': 'TIMESTAMP_NS', 'event_type': 'VARCHAR', 'ai_id': 'VARCHAR',
        'ai_version': 'VARCHAR', 'session_id': 'VARCHAR', 'request_id': 'VARCHAR', 'sequence': 'BIGINT',
        'received_at': 'TIMESTAMP_NS', 'api_key_id': 'VARCHAR', 'key_id': 'VARCHAR', 'gateway': 'VARCHAR',
        'redactions': 'BIGINT', 'event': 'VARCHAR', 'record': 'VARCHAR'})"""

for path in sys.argv[1:]:
    table = CSV if path.endswith(".csv") else "read_parquet($1)"
    connection = duckdb.connect(config={"threads": 1})
    rows = connection.execute(f"SELECT {COLUMNS} FROM {table}", [path])
    names = [column[0] for column in rows.description]
    while row := rows.fetchone():
        print(json.dumps({"file": path, **dict(zip(names, row))}))
