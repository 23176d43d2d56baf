"""Records of the regulated stores: S3 data events, and the KMS and Secrets Manager calls around them."""

from dataclasses import replace
from datetime import datetime, timedelta

from comprova.sample.callers import Caller, JsonObject
from comprova.sample.company import CARDS_BUCKET, Account, Region, bucket_key, key_arn, secret_arn
from comprova.sample.ids import Chance
from comprova.sample.records import Call, api_call, denied, resource

_SSE_KMS = "SSE_KMS"


def object_key(chance: Chance, bucket: str, moment: datetime) -> str:
    """Draw the key of an object: a day's batch of cards, or a customer's document."""
    if bucket == CARDS_BUCKET:
        return f"lotes/{moment:%Y/%m/%d}/lote-{chance.randrange(10_000):04d}.parquet"
    return f"titulares/{chance.randrange(100_000):06d}/cadastro.json"


def object_call(name: str, bucket: str, key: str, size: int) -> Call:
    """Return a GetObject, PutObject or DeleteObject, of `size` bytes, as the trail's data events record it."""
    arn = f"arn:aws:s3:::{bucket}"
    incoming = size if name == "PutObject" else 0
    extra: JsonObject = {
        "SignatureVersion": "SigV4",
        "CipherSuite": "TLS_AES_128_GCM_SHA256",
        "bytesTransferredIn": incoming,
        "AuthenticationMethod": "AuthHeader",
        "bytesTransferredOut": size if name == "GetObject" else 0,
    }
    response: JsonObject | None = None
    if name == "PutObject":
        extra["SSEApplied"] = _SSE_KMS
        response = {
            "x-amz-server-side-encryption": "aws:kms",
            "x-amz-server-side-encryption-aws-kms-key-id": bucket_key(bucket),
        }
    elif name == "GetObject":
        extra["SSEApplied"] = _SSE_KMS
    return Call(
        "s3",
        name,
        Region.SAO_PAULO,
        {"bucketName": bucket, "Host": f"{bucket}.s3.{Region.SAO_PAULO}.amazonaws.com", "key": key},
        response,
        ({"type": "AWS::S3::Object", "ARN": f"{arn}/{key}"}, resource("AWS::S3::Bucket", arn, Account.PRODUCTION)),
        extra,
        data=True,
    )


def bucket_call(name: str, bucket: str, request: JsonObject, owner: Account = Account.PRODUCTION) -> Call:
    """Return a call on the settings of a bucket of an account."""
    arn = f"arn:aws:s3:::{bucket}"
    asked = {"bucketName": bucket, "Host": f"{bucket}.s3.{Region.SAO_PAULO}.amazonaws.com"} | request
    extra: JsonObject = {
        "SignatureVersion": "SigV4",
        "CipherSuite": "TLS_AES_128_GCM_SHA256",
        "bytesTransferredIn": 0,
        "AuthenticationMethod": "AuthHeader",
        "bytesTransferredOut": 0,
    }
    owned = resource("AWS::S3::Bucket", arn, owner)
    return Call("s3", name, Region.SAO_PAULO, asked, None, (owned,), extra)


def encryption(chance: Chance, caller: Caller, moment: datetime, call: Call) -> JsonObject:
    """Return the KMS call that S3 makes in the name of whoever reads or writes an encrypted object."""
    request = call.request or {}
    bucket = str(request["bucketName"])
    context = {"aws:s3:arn": f"arn:aws:s3:::{bucket}/{request['key']}"}
    for_s3 = replace(
        caller,
        identity=caller.identity | {"invokedBy": "AWS Internal"},
        address="AWS Internal",
        agent="AWS Internal",
        console=False,
        endpoint=None,
    )
    if call.name == "PutObject":
        asked: JsonObject = {"keyId": bucket_key(bucket), "encryptionContext": context, "keySpec": "AES_256"}
        name = "GenerateDataKey"
    else:
        asked, name = {"encryptionContext": context, "encryptionAlgorithm": "SYMMETRIC_DEFAULT"}, "Decrypt"
    key = resource("AWS::KMS::Key", bucket_key(bucket), Account.PRODUCTION)
    return api_call(chance, for_s3, moment, Call("kms", name, Region.SAO_PAULO, asked, None, (key,)))


def secret_call(name: str) -> Call:
    """Return a GetSecretValue."""
    return Call("secretsmanager", "GetSecretValue", Region.SAO_PAULO, {"secretId": secret_arn(name)})


def secret_read(chance: Chance, caller: Caller, moment: datetime, name: str) -> list[JsonObject]:
    """Return a GetSecretValue and the Decrypt that Secrets Manager makes for it."""
    arn = secret_arn(name)
    service = "secretsmanager.amazonaws.com"
    for_service = replace(
        caller, identity=caller.identity | {"invokedBy": service}, address=service, agent=service, console=False
    )
    key = resource("AWS::KMS::Key", key_arn("segredos"), Account.PRODUCTION)
    asked: JsonObject = {
        "encryptionContext": {"SecretARN": arn, "SecretVersionId": chance.uuid()},
        "encryptionAlgorithm": "SYMMETRIC_DEFAULT",
    }
    return [
        api_call(chance, caller, moment, secret_call(name)),
        api_call(chance, for_service, moment, Call("kms", "Decrypt", Region.SAO_PAULO, asked, None, (key,))),
    ]


def secret_refused(chance: Chance, caller: Caller, moment: datetime, name: str) -> JsonObject:
    """Return a GetSecretValue that IAM refused; CloudTrail keeps no request of it."""
    refusal = denied(caller, "secretsmanager:GetSecretValue", secret_arn(name))
    return api_call(
        chance, caller, moment, Call("secretsmanager", "GetSecretValue", Region.SAO_PAULO, None, refusal=refusal)
    )


def object_access(chance: Chance, caller: Caller, moment: datetime, call: Call) -> list[JsonObject]:
    """Return an object's data event, for one in three with the KMS call behind it (bucket keys spare the others)."""
    records = [api_call(chance, caller, moment, call)]
    if chance.random() < 1 / 3:
        records.append(encryption(chance, caller, moment + timedelta(seconds=chance.randrange(2)), call))
    return records
