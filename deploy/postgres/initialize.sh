#!/usr/bin/env bash
# Runs once, when the container's database cluster is new: the roles and databases of Millrace and
# of the schema registry. The apps create their own tables.
set -euo pipefail

psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  --set=owner="$DATABASE_PASSWORD" \
  --set=analyst="$MILLRACE_ANALYST_PASSWORD" \
  --set=registry="$REGISTRY_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE millrace LOGIN CREATEROLE PASSWORD :'owner';
CREATE ROLE registry LOGIN PASSWORD :'registry';
CREATE ROLE millrace_analyst LOGIN PASSWORD :'analyst';
ALTER ROLE millrace_analyst SET default_transaction_read_only = on;
GRANT millrace_analyst TO millrace;
CREATE DATABASE millrace OWNER millrace;
CREATE DATABASE registry OWNER registry;
REVOKE CONNECT ON DATABASE registry, postgres FROM PUBLIC;
\connect millrace
CREATE EXTENSION vector;
SQL
