"""The columns of `records`: those of AWS's CloudTrail table, and how CloudTrail spells the members they come from.

Athena User Guide, "Create the table for CloudTrail logs in Athena using partition projection", plus members that the
CloudTrail record reference documents and that table leaves out (`apiversion` and `addendum` among them; `ARNPrefix` is
logged and documented nowhere). A column's name is the member's in lower case, because the table's reader matches names
whatever their case.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

import pyarrow as pa


class FieldKind(StrEnum):
    """How a member is logged, and so what its column holds."""

    TEXT = "text"
    """A string. Numbers and booleans become their text as logged: 1.50 stays 1.50."""
    ID = "id"
    """A string that hardly any other record has."""
    FLAG = "flag"
    """A boolean, in some services its text: `true` or `false`."""
    PAYLOAD = "payload"
    """An object or array whose JSON text is the value; a string logged in its place arrives as that string."""
    OBJECT = "object"
    OBJECTS = "objects"
    """An array of objects."""
    TEXT_BY_NAME = "text_by_name"
    """An object with members of any name, all text."""


@dataclass(frozen=True, slots=True)
class Field:
    """A member of a record.

    Attributes:
        member: Its name as CloudTrail writes it.
        kind: What is logged there.
        fields: The members of an object, or of each object of an array.
    """

    member: str
    kind: FieldKind
    fields: tuple["Field", ...] = ()

    @property
    def column(self) -> str:
        """The name of its column, or of its part of a column."""
        return self.member.lower()

    @property
    def repeats(self) -> bool:
        """Whether the same values come back in record after record."""
        return self.kind not in {FieldKind.ID, FieldKind.PAYLOAD}

    @property
    def type(self) -> pa.DataType:
        """The type of its column."""
        match self.kind:
            case FieldKind.TEXT | FieldKind.ID | FieldKind.FLAG | FieldKind.PAYLOAD:
                return pa.string()
            case FieldKind.OBJECT:
                return pa.struct([(field.column, field.type) for field in self.fields])
            case FieldKind.OBJECTS:
                return pa.list_(pa.struct([(field.column, field.type) for field in self.fields]))
            case FieldKind.TEXT_BY_NAME:
                return pa.map_(pa.string(), pa.string())
            case _:
                assert_never(self.kind)


def _texts(members: str) -> tuple[Field, ...]:
    return tuple(Field(member, FieldKind.TEXT) for member in members.split())


def _id(member: str) -> Field:
    return Field(member, FieldKind.ID)


def _flag(member: str) -> Field:
    return Field(member, FieldKind.FLAG)


def _payload(member: str) -> Field:
    return Field(member, FieldKind.PAYLOAD)


def _object(member: str, *fields: Field) -> Field:
    return Field(member, FieldKind.OBJECT, fields)


_SESSION_CONTEXT = _object(
    "sessionContext",
    _object("attributes", _flag("mfaAuthenticated"), *_texts("creationDate")),
    _object("sessionIssuer", *_texts("type principalId arn accountId userName")),
    *_texts("ec2RoleDelivery sourceIdentity"),
    _flag("assumedRoot"),
    _object("webIdFederationData", *_texts("federatedProvider"), Field("attributes", FieldKind.TEXT_BY_NAME)),
)
_USER_IDENTITY = _object(
    "userIdentity",
    *_texts("type principalId arn accountId invokedBy accessKeyId userName"),
    _object("onBehalfOf", *_texts("userId identityStoreArn")),
    _object("inScopeOf", *_texts("sourceArn sourceAccount issuerType credentialsIssuedTo")),
    *_texts("identityProvider credentialId"),
    _SESSION_CONTEXT,
)
RECORD_FIELDS: tuple[Field, ...] = (
    *_texts("eventVersion"),
    _USER_IDENTITY,
    *_texts("eventTime eventSource eventName awsRegion sourceIPAddress userAgent errorCode errorMessage"),
    _payload("requestParameters"),
    _payload("responseElements"),
    _payload("additionalEventData"),
    _id("requestID"),
    _id("eventID"),
    _flag("readOnly"),
    Field("resources", FieldKind.OBJECTS, _texts("ARN ARNPrefix accountId type")),
    *_texts("eventType apiVersion"),
    _flag("managementEvent"),
    *_texts("recipientAccountId"),
    _payload("serviceEventDetails"),
    *_texts("sharedEventID vpcEndpointId vpcEndpointAccountId eventCategory"),
    _object("addendum", *_texts("reason updatedFields originalRequestID originalEventID")),
    _flag("sessionCredentialFromConsole"),
    _payload("edgeDeviceDetails"),
    _object("tlsDetails", *_texts("tlsVersion cipherSuite clientProvidedHostHeader")),
    _payload("insightDetails"),
    _payload("eventContext"),
)
"""What a record holds, in the order of the table's columns."""

RECORD_SCHEMA = pa.schema([(field.column, field.type) for field in RECORD_FIELDS])
"""The columns that come out of a record itself."""

FILE_COLUMNS = (
    pa.field("log_file", pa.string()),
    pa.field("log_account", pa.string()),
    pa.field("log_region", pa.string()),
    pa.field("delivery_date", pa.date32()),
)
"""The columns that say which file a record came in."""

RECORDS_SCHEMA = pa.schema([*RECORD_SCHEMA, *FILE_COLUMNS])
"""The columns of `records`."""
