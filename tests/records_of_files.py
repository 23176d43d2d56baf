"""Temporary: reads a folder of log files into Parquet of records and of the file list."""

import gzip
import json
from datetime import datetime
from pathlib import Path

import duckdb

UI="""STRUCT("type" VARCHAR, principalId VARCHAR, arn VARCHAR, accountId VARCHAR, invokedBy VARCHAR, accessKeyId VARCHAR, userName VARCHAR, onBehalfOf STRUCT(userId VARCHAR, identityStoreArn VARCHAR), inScopeOf STRUCT(sourceArn VARCHAR, sourceAccount VARCHAR, issuerType VARCHAR, credentialsIssuedTo VARCHAR), identityProvider VARCHAR, credentialId VARCHAR,
 sessionContext STRUCT(attributes STRUCT(mfaAuthenticated VARCHAR, creationDate VARCHAR), sessionIssuer STRUCT("type" VARCHAR, principalId VARCHAR, arn VARCHAR, accountId VARCHAR, userName VARCHAR), ec2RoleDelivery VARCHAR, sourceIdentity VARCHAR, assumedRoot VARCHAR, webIdFederationData STRUCT(federatedProvider VARCHAR, attributes MAP(VARCHAR,VARCHAR))))"""
COLS={k:"VARCHAR" for k in "eventVersion eventTime eventSource eventName awsRegion sourceIPAddress userAgent errorCode errorMessage requestID eventID readOnly eventType apiVersion managementEvent recipientAccountId sharedEventID vpcEndpointId vpcEndpointAccountId eventCategory sessionCredentialFromConsole".split()}
COLS|={k:"JSON" for k in "requestParameters responseElements additionalEventData serviceEventDetails insightDetails eventContext edgeDeviceDetails".split()}
COLS["userIdentity"]=UI
COLS["resources"]='STRUCT("ARN" VARCHAR, "ARNPrefix" VARCHAR, accountId VARCHAR, "type" VARCHAR)[]'
COLS["addendum"]="STRUCT(reason VARCHAR, updatedFields VARCHAR, originalRequestID VARCHAR, originalEventID VARCHAR)"
COLS["tlsDetails"]="STRUCT(tlsVersion VARCHAR, cipherSuite VARCHAR, clientProvidedHostHeader VARCHAR)"

def load_records(trail: Path, work: Path) -> tuple[list[Path], Path]:
    work.mkdir(parents=True, exist_ok=True)
    nd=work/'r.ndjson'; c=duckdb.connect()
    c.execute("create table files(log_file varchar, log_account varchar, log_region varchar, delivery_date date, delivered_at timestamp, bytes bigint, state varchar, unreadable bigint)")
    with nd.open('w') as f:
        for p in sorted(trail.rglob('*.json.gz')):
            k=p.relative_to(trail).as_posix(); parts=k.split('/')
            if parts[1].startswith('o-'): parts=parts[:1]+parts[2:]
            b=p.read_bytes()
            d='-'.join(parts[4:7])
            t=parts[-1].split('_')[3]
            c.execute("insert into files values (?,?,?,?,?,?,?,?)",[k,parts[1],parts[3],d,datetime.strptime(t,'%Y%m%dT%H%MZ'),len(b),'read',0])
            for r in json.loads(gzip.decompress(b))['Records']:
                f.write(json.dumps({**r,"log_file":k,"log_account":parts[1],"log_region":parts[3],"delivery_date":d})+"\n")
    cols=COLS|{"log_file":"VARCHAR","log_account":"VARCHAR","log_region":"VARCHAR","delivery_date":"DATE"}
    spec="{"+", ".join(f"'{k}': '{v}'" for k,v in cols.items())+"}"
    sel=[]
    for k,t in cols.items():
        e=f'"{k}"'
        sel.append((f"CASE json_type({e}) WHEN 'NULL' THEN NULL WHEN 'VARCHAR' THEN json_extract_string({e},'$') ELSE CAST({e} AS VARCHAR) END" if t=="JSON" else e)+f" AS {k.lower()}")
    out=work/'records.parquet'; files=work/'files.parquet'
    c.execute(f"COPY (SELECT {', '.join(sel)} FROM read_json('{nd}', columns={spec}, format='newline_delimited', records=true)) TO '{out}' (FORMAT parquet)")
    c.execute(f"COPY files TO '{files}' (FORMAT parquet)")
    return [out], files
