export const USAGE = `gateway init --by NAME
gateway start [--role api|intake|send]...
gateway migrate --by NAME
gateway account create --role auditor|administrator --login LOGIN --name NAME --by NAME
gateway trust export -o FILE --by NAME
gateway trust import FILE --fingerprint HEX --by NAME --witness NAME

--json prints one JSON object. The environment names everything else: GATEWAY_DATA_DIR,
GATEWAY_PASSPHRASE_FILE, GATEWAY_LISTEN, GATEWAY_DATABASE_URL, GATEWAY_EXPORT_SPOOL,
GATEWAY_REQUEST_SPOOL, GATEWAY_TLS_CERT_FILE, GATEWAY_TLS_KEY_FILE, GATEWAY_LOG_LEVEL.
`;
