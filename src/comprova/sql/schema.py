"""The columns of the tables that statements read, as data."""

from collections.abc import Mapping

from comprova.sql.types import Type, parse_type

_ACTIVITY = """
event_id varchar, shared_event_id varchar, event_time timestamp(3), request_id varchar, in_period boolean,
event_source varchar, event_name varchar, event_version varchar, event_type varchar, event_category varchar,
event_base_name varchar, management_event boolean, account_id varchar, region varchar,
log_account varchar, log_region varchar, delivery_date date, log_file varchar, copies bigint, repeated_id varchar,
actor varchar, actor_kind varchar, identity_type varchar, principal_id varchar, actor_account varchar, person varchar,
session_issuer varchar, session_created timestamp(3), source_identity varchar, identity_provider varchar,
ec2_role_delivery varchar, access_key_id varchar, credential varchar, mfa varchar, mfa_logged varchar,
invoked_by varchar, service_initiated boolean, source_address varchar, source_kind varchar, source_ip varchar,
user_agent varchar, call_result varchar, error_code varchar, error_message varchar, read_only boolean,
discloses boolean, request varchar, response varchar, additional varchar, service_details varchar,
request_state varchar, response_state varchar, addendum_reason varchar, original_event_id varchar,
resources array(row(arn varchar, arn_prefix varchar, account_id varchar, type varchar)),
tls_version varchar, tls_cipher varchar, vpc_endpoint_id varchar, vpc_endpoint_account_id varchar,
names_object boolean, bucket_name varchar, copy_source varchar, public_acl varchar, bytes_out bigint,
object_key varchar, event_group varchar
"""
_DELIVERIES = """
log_file varchar, log_account varchar, log_region varchar, delivery_date date, delivered_at timestamp(3), bytes bigint,
records bigint, in_period bigint, duplicates bigint, undated bigint, unreadable bigint,
first_event_time timestamp(3), last_event_time timestamp(3), state varchar
"""
_FILES = """
log_file varchar, log_account varchar, log_region varchar, delivery_date date, delivered_at timestamp(3), bytes bigint,
state varchar, unreadable bigint
"""
_RECORDS = """
eventversion varchar,
useridentity row(
  type varchar, principalid varchar, arn varchar, accountid varchar, invokedby varchar, accesskeyid varchar,
  username varchar,
  onbehalfof row(userid varchar, identitystorearn varchar),
  inscopeof row(sourcearn varchar, sourceaccount varchar, issuertype varchar, credentialsissuedto varchar),
  identityprovider varchar, credentialid varchar,
  sessioncontext row(
    attributes row(mfaauthenticated varchar, creationdate varchar),
    sessionissuer row(type varchar, principalid varchar, arn varchar, accountid varchar, username varchar),
    ec2roledelivery varchar, sourceidentity varchar, assumedroot varchar,
    webidfederationdata row(federatedprovider varchar, attributes map(varchar, varchar)))),
eventtime varchar, eventsource varchar, eventname varchar, awsregion varchar, sourceipaddress varchar,
useragent varchar, errorcode varchar, errormessage varchar, requestparameters varchar, responseelements varchar,
additionaleventdata varchar, requestid varchar, eventid varchar, readonly varchar,
resources array(row(arn varchar, arnprefix varchar, accountid varchar, type varchar)),
eventtype varchar, apiversion varchar, managementevent varchar, recipientaccountid varchar, serviceeventdetails varchar,
sharedeventid varchar, vpcendpointid varchar, vpcendpointaccountid varchar, eventcategory varchar,
addendum row(reason varchar, updatedfields varchar, originalrequestid varchar, originaleventid varchar),
sessioncredentialfromconsole varchar, edgedevicedetails varchar,
tlsdetails row(tlsversion varchar, ciphersuite varchar, clientprovidedhostheader varchar),
insightdetails varchar, eventcontext varchar,
log_file varchar, log_account varchar, log_region varchar, delivery_date date
"""


def _columns(text: str) -> Mapping[str, Type]:
    row = parse_type(f"row({text})")
    return dict(zip(row.fields, row.of, strict=True))


ACTIVITY: Mapping[str, Type] = _columns(_ACTIVITY)
"""The typed, deduplicated view over records that queries read; its meaning stands in `queries/activity.sql`."""
DELIVERIES: Mapping[str, Type] = _columns(_DELIVERIES)
"""One row per log file; its meaning stands in `queries/deliveries.sql`."""
FILES: Mapping[str, Type] = _columns(_FILES)
"""The list of log files that the run found."""
RECORDS: Mapping[str, Type] = _columns(_RECORDS)
"""The raw events, with the columns of AWS's CloudTrail table (Athena User Guide) and the fields it leaves out."""

OF_QUERIES = {"activity": ACTIVITY, "deliveries": DELIVERIES}
"""What a query may read."""
OF_VIEWS = {"records": RECORDS, "files": FILES, "activity": ACTIVITY}
"""What the two views are made of, each of what its block names; `deliveries` is made after `activity`."""
OF_MEASURES = {**OF_QUERIES, "records": RECORDS}
"""What the engine's own measures may read."""
