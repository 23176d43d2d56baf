/*---
id = "activity"
version = 1
title.en = "Activity: the typed and deduplicated records that queries read"
title.pt_BR = "Atividade: os registros tipados e sem duplicatas que as consultas leem"
reads = ["records"]
# What names a person, or the address a person called from: a report may mask it. A role or a service in `actor` stays
# readable there; what is no person cannot be told from the column alone.
personal = [
  "actor", "person", "principal_id", "source_identity", "source_address", "source_ip", "user_agent", "error_message",
]
personal_members = ["userName", "newUserName", "serialNumber", "MFAIdentifier", "granteePrincipal", "principalArn"]
---*/

-- One row per record of the trail from the start of the longest look-back to the end of the period, in UTC, half-open:
-- type, derive, cut, deduplicate. The last goes first here because that is cheapest, and the rows are the same: what is
-- derived is a function of the record alone, and its time is part of what makes two records copies of each other.
--
-- Traps that hold throughout:
-- * A field can be logged as '' instead of being left out. Columns pass '' on as logged; rules make it NULL (nullif).
-- * Logged text is partly written by attackers. Patterns end in \z, because $ also matches before a final line break.
-- * The text of CASE is cast to varchar: its type would be varchar(n), n changing with the literals, and a table made
--   from it would change its schema with them.
WITH
-- Ids that stand in more than one record. Whole records are compared only within these, which keeps memory flat.
repeated AS (
    SELECT eventid
    FROM records
    WHERE eventid <> ''
    GROUP BY eventid
    HAVING count(*) > 1
),

-- 1 DEDUPLICATE. Two records are copies when account, a non-empty id and every logged column are equal; where they lie
-- (log_file, log_account, log_region, delivery_date) is not logged; of copies the place of the first delivered stays.
-- Records that share an id and differ anywhere are not copies: all of them stay. A record without an id is never a
-- copy. A window could not number copies: Athena sorts for it, and cannot sort rows and arrays that hold NULL.
once AS (
    SELECT
        logged.eventversion,
        logged.useridentity,
        logged.eventtime,
        logged.eventsource,
        logged.eventname,
        logged.awsregion,
        logged.sourceipaddress,
        logged.useragent,
        logged.errorcode,
        logged.errormessage,
        logged.requestparameters,
        logged.responseelements,
        logged.additionaleventdata,
        logged.requestid,
        logged.eventid,
        logged.readonly,
        logged.resources,
        logged.eventtype,
        logged.managementevent,
        logged.recipientaccountid,
        logged.serviceeventdetails,
        logged.sharedeventid,
        logged.vpcendpointid,
        logged.vpcendpointaccountid,
        logged.eventcategory,
        logged.addendum,
        logged.sessioncredentialfromconsole,
        logged.tlsdetails,
        logged.log_file,
        logged.log_account,
        logged.log_region,
        logged.delivery_date,
        cast(1 AS bigint) AS copies,
        cast(CASE WHEN coalesce(logged.eventid, '') = '' THEN '' END AS varchar) AS repeated_id
    FROM records AS logged
    LEFT JOIN repeated ON logged.eventid = repeated.eventid
    WHERE repeated.eventid IS NULL -- not NOT IN: one NULL id would empty it
    UNION ALL
    SELECT
        logged.eventversion,
        logged.useridentity,
        logged.eventtime,
        logged.eventsource,
        logged.eventname,
        logged.awsregion,
        logged.sourceipaddress,
        logged.useragent,
        logged.errorcode,
        logged.errormessage,
        logged.requestparameters,
        logged.responseelements,
        logged.additionaleventdata,
        logged.requestid,
        logged.eventid,
        logged.readonly,
        logged.resources,
        logged.eventtype,
        logged.managementevent,
        logged.recipientaccountid,
        logged.serviceeventdetails,
        logged.sharedeventid,
        logged.vpcendpointid,
        logged.vpcendpointaccountid,
        logged.eventcategory,
        logged.addendum,
        logged.sessioncredentialfromconsole,
        logged.tlsdetails,
        -- Where the first delivered lies: by delivery_date NULLS LAST ('~' comes after every digit), then by log_file.
        min_by(
            logged.log_file, concat(coalesce(cast(logged.delivery_date AS varchar), '~'), logged.log_file)
        ) AS log_file,
        min_by(
            logged.log_account, concat(coalesce(cast(logged.delivery_date AS varchar), '~'), logged.log_file)
        ) AS log_account,
        min_by(
            logged.log_region, concat(coalesce(cast(logged.delivery_date AS varchar), '~'), logged.log_file)
        ) AS log_region,
        min_by(
            logged.delivery_date, concat(coalesce(cast(logged.delivery_date AS varchar), '~'), logged.log_file)
        ) AS delivery_date,
        count(*) AS copies,
        logged.eventid AS repeated_id
    FROM records AS logged
    INNER JOIN repeated ON logged.eventid = repeated.eventid
    GROUP BY
        coalesce(
            nullif(logged.recipientaccountid, ''), nullif(logged.log_account, ''),
            nullif(logged.useridentity.accountid, '')
        ),
        logged.eventversion, logged.useridentity, logged.eventtime, logged.eventsource, logged.eventname,
        logged.awsregion, logged.sourceipaddress, logged.useragent, logged.errorcode, logged.errormessage,
        logged.requestparameters, logged.responseelements, logged.additionaleventdata, logged.requestid,
        logged.eventid, logged.readonly, logged.resources, logged.eventtype, logged.apiversion,
        logged.managementevent, logged.recipientaccountid, logged.serviceeventdetails, logged.sharedeventid,
        logged.vpcendpointid, logged.vpcendpointaccountid, logged.eventcategory, logged.addendum,
        logged.sessioncredentialfromconsole, logged.edgedevicedetails, logged.tlsdetails, logged.insightdetails,
        logged.eventcontext
),

-- 2 TYPE. Text to types, nested fields to columns. What only rules read is free of '' and named identity_…, session_…
-- or signin_….
typed AS (
    SELECT
        eventid AS event_id,
        sharedeventid AS shared_event_id,
        requestid AS request_id,
        -- The pattern comes first because engines differ in what else they take for a time (24:00:00, offsets, a 60th
        -- second). What does not fit is NULL, and the record is counted as undated.
        CASE
            WHEN
                regexp_like(
                    eventtime,
                    '^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,3})?Z\z'
                )
                THEN try_cast(replace(replace(eventtime, 'T', ' '), 'Z', '') AS timestamp(3))
        END AS event_time,
        eventsource AS event_source,
        eventname AS event_name,
        eventversion AS event_version,
        eventtype AS event_type,
        nullif(eventcategory, '') AS logged_category,
        CASE lower(managementevent) WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END AS logged_management,
        -- Who received the record, not who acted: a call across accounts is logged in both.
        coalesce(
            nullif(recipientaccountid, ''), nullif(log_account, ''), nullif(useridentity.accountid, '')
        ) AS account_id,
        awsregion AS region,
        log_account,
        log_region,
        delivery_date,
        log_file,
        copies,
        repeated_id,
        useridentity.type AS identity_type,
        useridentity.principalid AS principal_id,
        useridentity.accountid AS actor_account,
        useridentity.sessioncontext.sessionissuer.arn AS session_issuer,
        CASE
            WHEN
                regexp_like(
                    useridentity.sessioncontext.attributes.creationdate,
                    '^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,3})?Z\z'
                )
                THEN try_cast(
                    replace(replace(useridentity.sessioncontext.attributes.creationdate, 'T', ' '), 'Z', '')
                    AS timestamp(3)
                )
        END AS session_created,
        useridentity.sessioncontext.sourceidentity AS source_identity,
        useridentity.sessioncontext.ec2roledelivery AS ec2_role_delivery,
        useridentity.accesskeyid AS access_key_id,
        useridentity.sessioncontext.attributes.mfaauthenticated AS session_mfa_logged,
        useridentity.invokedby AS invoked_by,
        sourceipaddress AS source_address,
        useragent AS user_agent,
        errorcode AS error_code,
        errormessage AS error_message,
        CASE lower(readonly) WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END AS read_only,
        requestparameters AS request,
        responseelements AS response,
        additionaleventdata AS additional,
        serviceeventdetails AS service_details,
        addendum.reason AS addendum_reason,
        addendum.originaleventid AS original_event_id,
        resources,
        tlsdetails.tlsversion AS tls_version,
        tlsdetails.ciphersuite AS tls_cipher,
        vpcendpointid AS vpc_endpoint_id,
        vpcendpointaccountid AS vpc_endpoint_account_id,
        nullif(useridentity.arn, '') AS identity_arn,
        nullif(useridentity.principalid, '') AS identity_principal,
        nullif(useridentity.accountid, '') AS identity_account,
        nullif(useridentity.username, '') AS identity_name,
        nullif(useridentity.invokedby, '') AS identity_invoked_by,
        nullif(useridentity.accesskeyid, '') AS identity_key,
        nullif(useridentity.onbehalfof.userid, '') AS identity_center_user,
        nullif(useridentity.identityprovider, '') AS identity_own_provider,
        nullif(useridentity.sessioncontext.sessionissuer.arn, '') AS session_role,
        nullif(useridentity.sessioncontext.webidfederationdata.federatedprovider, '') AS session_web_provider,
        lower(useridentity.sessioncontext.attributes.mfaauthenticated) AS session_mfa,
        coalesce(lower(useridentity.sessioncontext.assumedroot) = 'true', FALSE) AS session_is_assumed_root,
        coalesce(lower(sessioncredentialfromconsole) = 'true', FALSE) AS session_from_console,
        -- Only sign-ins, IAM's and Identity Center's, say these; their verdict stands under the name of the step.
        eventsource IN ('signin.amazonaws.com', 'sso.amazonaws.com') AS signin_source,
        CASE
            WHEN eventsource IN ('signin.amazonaws.com', 'sso.amazonaws.com')
                THEN json_extract_scalar(additionaleventdata, '$.MFAUsed')
        END AS signin_mfa_used,
        CASE
            WHEN eventsource IN ('signin.amazonaws.com', 'sso.amazonaws.com')
                THEN json_extract_scalar(additionaleventdata, '$.SamlProviderArn')
        END AS signin_saml_provider,
        CASE
            WHEN eventsource IN ('signin.amazonaws.com', 'sso.amazonaws.com')
                THEN json_extract_scalar(additionaleventdata, '$.CredentialType')
        END AS signin_credential_type,
        CASE
            WHEN eventsource IN ('signin.amazonaws.com', 'sso.amazonaws.com')
                THEN coalesce(
                    json_extract_scalar(responseelements, '$.ConsoleLogin'),
                    json_extract_scalar(responseelements, '$.CheckMfa'),
                    json_extract_scalar(responseelements, '$.GetSigninToken'),
                    json_extract_scalar(responseelements, '$.SwitchRole'),
                    json_extract_scalar(responseelements, '$.ExitRole'),
                    json_extract_scalar(responseelements, '$.RenewRole'),
                    json_extract_scalar(responseelements, '$.PasswordRecoveryRequested'),
                    json_extract_scalar(responseelements, '$.PasswordRecoveryCompleted'),
                    json_extract_scalar(responseelements, '$.PasswordUpdated'),
                    json_extract_scalar(responseelements, '$.EmailUpdated'),
                    json_extract_scalar(serviceeventdetails, '$.UserAuthentication'),
                    json_extract_scalar(serviceeventdetails, '$.CredentialVerification'),
                    json_extract_scalar(serviceeventdetails, '$.CredentialChallenge')
                )
        END AS signin_result
    FROM once
),

-- 3 CUT, and 4 DERIVE what more than one column needs. An undated record is in no period: its comparison is NULL. It is
-- counted as undated.
who AS (
    SELECT
        typed.*,
        -- The first that matches.
        cast(CASE
            -- A person's act, though sign-in steps are logged as service events.
            WHEN
                identity_type = 'IdentityCenterUser'
                OR (
                    signin_source
                    AND (
                        event_name IN ('UserAuthentication', 'CredentialChallenge', 'CredentialVerification')
                        -- Records before 2025 name the user without saying what kind of identity it is.
                        OR (
                            event_name IN ('Authenticate', 'Federate')
                            AND coalesce(identity_center_user, identity_name) IS NOT NULL
                        )
                    )
                )
                THEN 'identity_center'
            WHEN event_type IN ('AwsServiceEvent', 'AwsCloudTrailInsight') THEN 'service_event'
            WHEN session_is_assumed_root THEN 'assumed_root'
            WHEN identity_type = 'Root' THEN 'root'
            WHEN
                lower(identity_account) IN ('anonymous', 'anonymous_principal')
                OR lower(identity_principal) IN ('anonymous', 'anonymous_principal')
                THEN 'anonymous'
            WHEN identity_type = 'AWSService' THEN 'aws_service'
            WHEN
                identity_type = 'AssumedRole' AND session_role LIKE 'arn:%:role/aws-service-role/%'
                THEN 'service_linked_role'
            -- Only with proof in this very record: later calls of a SAML session do not say that a person began it.
            WHEN
                identity_type = 'AssumedRole'
                AND (
                    session_role LIKE 'arn:%:role/aws-reserved/sso.amazonaws.com/%'
                    OR session_web_provider LIKE '%:saml-provider/%'
                    OR session_from_console
                    OR identity_center_user IS NOT NULL
                )
                THEN 'human_role'
            WHEN identity_type IN ('AssumedRole', 'Role') THEN 'role'
            WHEN identity_type = 'IAMUser' THEN 'iam_user'
            WHEN identity_type IN ('FederatedUser', 'SAMLUser', 'WebIdentityUser') THEN 'federated'
            WHEN identity_type = 'AWSAccount' AND identity_account <> account_id THEN 'other_account'
            WHEN
                identity_type IS NULL AND identity_arn IS NULL AND identity_invoked_by LIKE '%.amazonaws.com'
                THEN 'aws_service'
            ELSE 'unknown'
        END AS varchar) AS actor_kind,
        cast(CASE
            WHEN nullif(source_address, '') IS NULL THEN 'none'
            WHEN source_address = 'AWS Internal' THEN 'aws_internal'
            WHEN
                regexp_like(
                    source_address,
                    '^((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\z'
                )
                THEN 'ip4'
            -- Eight groups, or fewer around one ::, or an IPv4 address mapped into IPv6.
            WHEN
                regexp_like(
                    source_address,
                    concat(
                        '^(([0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}',
                        '|([0-9A-Fa-f]{1,4}:){1,7}:',
                        '|([0-9A-Fa-f]{1,4}:){1,6}(:[0-9A-Fa-f]{1,4}){1}',
                        '|([0-9A-Fa-f]{1,4}:){1,5}(:[0-9A-Fa-f]{1,4}){1,2}',
                        '|([0-9A-Fa-f]{1,4}:){1,4}(:[0-9A-Fa-f]{1,4}){1,3}',
                        '|([0-9A-Fa-f]{1,4}:){1,3}(:[0-9A-Fa-f]{1,4}){1,4}',
                        '|([0-9A-Fa-f]{1,4}:){1,2}(:[0-9A-Fa-f]{1,4}){1,5}',
                        '|[0-9A-Fa-f]{1,4}:(:[0-9A-Fa-f]{1,4}){1,6}',
                        '|:((:[0-9A-Fa-f]{1,4}){1,7}|:)',
                        '|::[Ff]{4}:((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\.){3}',
                        '(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9]))\z'
                    )
                )
                THEN 'ip6'
            WHEN
                regexp_like(source_address, '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\.amazonaws\.com(\.cn)?\z')
                THEN 'aws_service'
            ELSE 'other' -- two addresses in one field, masked, redacted
        END AS varchar) AS source_kind,
        -- Category came with record version 1.07 and managementEvent with 1.06. In older records data events are known
        -- by their names alone.
        cast(CASE
            WHEN logged_category IS NOT NULL THEN logged_category
            WHEN event_type = 'AwsCloudTrailInsight' THEN 'Insight'
            WHEN event_type = 'AwsVpceEvent' THEN 'NetworkActivity'
            WHEN logged_management THEN 'Management'
            WHEN NOT logged_management THEN 'Data'
            WHEN
                event_source = 's3.amazonaws.com'
                AND (
                    regexp_like(
                        event_name,
                        concat(
                            '^(Get|Put|Head|Delete|Copy|Restore|Select|Post)Object',
                            '(s|Acl|Tagging|Torrent|Retention|LegalHold|Content|Attributes)?\z'
                        )
                    )
                    OR event_name IN (
                        'CreateMultipartUpload', 'UploadPart', 'UploadPartCopy', 'CompleteMultipartUpload',
                        'AbortMultipartUpload', 'ListParts'
                    )
                )
                THEN 'Data'
            WHEN
                event_source = 'lambda.amazonaws.com' AND event_name IN ('Invoke', 'InvokeAsync')
                THEN 'Data'
            WHEN event_type IS NULL AND event_name IS NULL THEN NULL
            ELSE 'Management'
        END AS varchar) AS event_category,
        -- A payload that CloudTrail left out for its size, which white space can force, is not an empty one. One logged
        -- as a string is unparseable, unless that string happens to be JSON.
        cast(CASE
            WHEN request IS NULL THEN 'empty'
            WHEN
                regexp_like(request, '^[ \t\r\n]*(\{[ \t\r\n]*\}|\[[ \t\r\n]*\]|null)[ \t\r\n]*\z')
                THEN 'empty'
            WHEN json_extract_scalar(request, '$.omitted') = 'true' THEN 'omitted'
            WHEN try(json_parse(request)) IS NULL THEN 'unparseable'
            ELSE 'present'
        END AS varchar) AS request_state,
        cast(CASE
            WHEN response IS NULL THEN 'empty'
            WHEN
                regexp_like(response, '^[ \t\r\n]*(\{[ \t\r\n]*\}|\[[ \t\r\n]*\]|null)[ \t\r\n]*\z')
                THEN 'empty'
            WHEN json_extract_scalar(response, '$.omitted') = 'true' THEN 'omitted'
            WHEN try(json_parse(response)) IS NULL THEN 'unparseable'
            ELSE 'present'
        END AS varchar) AS response_state
    FROM typed
    WHERE event_time >= :history_start AND event_time < :period_end
)

-- 4 DERIVE the rest. Columns that are long in Parquet, such as ids and times, do not stand beside those that conditions
-- are on: columns that lie side by side are read at once, also where no row meets the condition.
SELECT
    event_id,
    shared_event_id,
    event_time,
    request_id,
    event_time >= :period_start AS in_period,
    event_source,
    event_name,
    event_version,
    event_type,
    event_category,
    -- Some services put the version of their interface at the end: UpdateFunctionCode20150331v2,
    -- UpdateDistribution2020_05_31.
    regexp_replace(event_name, '_?20[0-9]{2}_?[01][0-9]_?[0-3][0-9](v[0-9]+)?\z', '') AS event_base_name,
    coalesce(logged_management, event_category = 'Management') AS management_event,
    account_id,
    region,
    log_account,
    log_region,
    -- The key's date, or for loose files the name's. Where neither has one the event's own must do.
    coalesce(delivery_date, cast(event_time AS date)) AS delivery_date,
    log_file,
    copies,
    -- The id, where another record, be it a copy, has the same; '' where the event has none; else NULL. Ids are a fifth
    -- of what is stored, and need not be read to find those that are shared.
    repeated_id,
    -- What stays the same from one session to the next: the role, not its session or its key. The issuer's ARN keeps
    -- the role's path; the ARN of the session, taken without its name where the issuer is missing, does not.
    cast(CASE
        WHEN actor_kind = 'service_event' THEN coalesce(identity_invoked_by, nullif(event_source, ''))
        WHEN actor_kind = 'aws_service' THEN coalesce(identity_invoked_by, identity_principal)
        WHEN actor_kind = 'identity_center' THEN coalesce(identity_center_user, identity_name, identity_principal)
        WHEN
            actor_kind IN ('anonymous', 'other_account')
            THEN coalesce(identity_arn, identity_account, identity_principal)
        WHEN
            actor_kind IN ('service_linked_role', 'human_role', 'role')
            THEN coalesce(
                session_role,
                regexp_extract(identity_arn, '^(arn:[^:]*:sts::[^:]*:assumed-role/[^/]+)', 1),
                identity_arn,
                identity_principal
            )
        ELSE coalesce(
            regexp_extract(identity_arn, '^(arn:[^:]*:sts::[^:]*:assumed-role/[^/]+)', 1),
            identity_arn,
            identity_principal,
            identity_name,
            identity_account
        )
    END AS varchar) AS actor,
    actor_kind,
    identity_type,
    principal_id,
    actor_account,
    -- A name as logged. It is a person's only where actor_kind is iam_user, human_role, federated or identity_center: a
    -- plain role's session is as often named after an instance.
    cast(CASE
        WHEN
            actor_kind IN (
                'root', 'assumed_root', 'aws_service', 'service_event', 'service_linked_role', 'anonymous',
                'other_account'
            )
            THEN NULL
        WHEN actor_kind = 'identity_center' THEN coalesce(identity_center_user, identity_name)
        WHEN
            actor_kind = 'human_role'
            AND identity_center_user IS NOT NULL
            AND coalesce(session_role, '') NOT LIKE 'arn:%:role/aws-reserved/sso.amazonaws.com/%'
            THEN identity_center_user
        ELSE coalesce(
            regexp_extract(identity_arn, ':assumed-role/[^/]+/([^/]+)\z', 1),
            regexp_extract(identity_arn, ':federated-user/([^/]+)\z', 1),
            identity_name,
            regexp_extract(identity_principal, '^[^:]+:(.+)\z', 1)
        )
    END AS varchar) AS person,
    session_issuer,
    session_created,
    source_identity,
    coalesce(identity_own_provider, session_web_provider, signin_saml_provider) AS identity_provider,
    ec2_role_delivery,
    access_key_id,
    -- The first that matches. A sign-in is logged without a key. A long-term key has no session: one that claims a
    -- session, or an assumed role, was altered or is of a kind unknown here.
    cast(CASE
        WHEN session_from_console OR event_type IN ('AwsConsoleSignIn', 'AwsConsoleAction') THEN 'console'
        WHEN identity_key IS NULL THEN 'none'
        WHEN identity_key LIKE 'ASIA%' THEN 'session'
        WHEN
            identity_key LIKE 'AKIA%'
            AND session_mfa IS NULL
            AND coalesce(identity_type, '') NOT IN ('AssumedRole', 'FederatedUser')
            THEN 'long_term_key'
        ELSE 'unknown'
    END AS varchar) AS credential,
    -- Truth table, the first line that matches:
    --
    --   record           | logged                              | whose                                | mfa
    --   -----------------+-------------------------------------+--------------------------------------+-----------
    --   console sign-in  | MFAUsed Yes, in any case            | anyone                               | yes
    --                    | the role is changed or renewed      | anyone                               | unknown
    --                    | MFAUsed No, other or missing        | federated user or role               | at_idp
    --                    | MFAUsed No                          | IAM user, root                       | no
    --                    | MFAUsed other or missing            | IAM user, root                       | unknown
    --   Identity Center  | CredentialType has TOTP or WEBAUTHN | its user                             | yes
    --                    | CredentialType has EXTERNAL_IDP     | its user                             | at_idp
    --                    | CredentialType PASSWORD             | its user                             | no
    --                    | CredentialType other or missing     | its user                             | unknown
    --   any other        | mfaAuthenticated true               | anyone                               | yes
    --                    | mfaAuthenticated false              | federated, Identity Center role      | at_idp
    --                    | mfaAuthenticated false              | role in the console (SAML or switch) | unknown
    --                    | mfaAuthenticated false              | anyone else                          | no
    --                    | mfaAuthenticated other              | anyone                               | unknown
    --                    | no session, a temporary key         | anyone                               | unknown
    --                    | no session                          | anyone                               | no_session
    --
    -- Changing the role is no sign-in: who does it signed in before, perhaps with MFA, perhaps as an IAM user.
    -- Federation always logs No, because the second factor is asked for at the identity provider. A missing MFAUsed is
    -- unknown, never no. A call with a long-term key has no session, and no session is not a session without MFA.
    cast(CASE
        WHEN event_source = 'signin.amazonaws.com' AND event_type = 'AwsConsoleSignIn'
            THEN CASE
                WHEN lower(signin_mfa_used) = 'yes' THEN 'yes'
                WHEN event_name IN ('SwitchRole', 'ExitRole', 'RenewRole') THEN 'unknown'
                WHEN
                    signin_saml_provider IS NOT NULL
                    OR identity_type IN ('AssumedRole', 'FederatedUser', 'SAMLUser', 'WebIdentityUser')
                    THEN 'at_idp'
                WHEN lower(signin_mfa_used) = 'no' THEN 'no'
                ELSE 'unknown'
            END
        WHEN actor_kind = 'identity_center'
            THEN CASE
                WHEN regexp_like(signin_credential_type, 'TOTP|WEBAUTHN') THEN 'yes'
                WHEN regexp_like(signin_credential_type, 'EXTERNAL_IDP') THEN 'at_idp'
                WHEN signin_credential_type = 'PASSWORD' THEN 'no'
                ELSE 'unknown'
            END
        WHEN session_mfa = 'true' THEN 'yes'
        WHEN
            session_mfa = 'false'
            AND (
                identity_type = 'FederatedUser'
                OR session_web_provider IS NOT NULL
                OR session_role LIKE 'arn:%:role/aws-reserved/sso.amazonaws.com/%'
            )
            THEN 'at_idp'
        WHEN session_mfa = 'false' AND identity_type = 'AssumedRole' AND session_from_console THEN 'unknown'
        WHEN session_mfa = 'false' THEN 'no'
        WHEN session_mfa IS NOT NULL OR identity_key LIKE 'ASIA%' THEN 'unknown'
        ELSE 'no_session'
    END AS varchar) AS mfa,
    coalesce(signin_mfa_used, session_mfa_logged) AS mfa_logged,
    invoked_by,
    -- True only when no person acted. A plain role used through a service cannot be told from a person's session that a
    -- service carries on: false, and invoked_by says which service.
    coalesce(
        actor_kind IN ('aws_service', 'service_linked_role', 'service_event')
        OR (
            identity_invoked_by LIKE '%.amazonaws.com'
            AND NOT session_from_console
            AND identity_key IS NULL
            AND session_mfa IS NULL
            AND coalesce(event_type, '') NOT IN ('AwsConsoleSignIn', 'AwsConsoleAction')
            AND actor_kind NOT IN ('identity_center', 'human_role')
        ),
        FALSE
    ) AS service_initiated,
    source_address,
    source_kind,
    CASE WHEN source_kind IN ('ip4', 'ip6') THEN source_address END AS source_ip,
    user_agent,
    -- The first that matches. A failed sign-in may carry no error code. A dry run was allowed and did nothing. 200 as
    -- an error code is a success. A batch can succeed in part and say so in the response only.
    cast(CASE
        WHEN signin_result = 'Success' THEN 'success'
        WHEN signin_result = 'Failure' THEN 'failed'
        WHEN coalesce(error_code, '') = '' AND coalesce(error_message, '') <> '' THEN 'failed'
        WHEN coalesce(error_code, '') = '' OR regexp_like(error_code, '^2[0-9]{2}\z')
            THEN CASE
                WHEN
                    event_type IN ('AwsServiceEvent', 'AwsCloudTrailInsight')
                    OR event_name IS NULL
                    OR event_source = 'signin.amazonaws.com'
                    THEN 'unknown'
                WHEN
                    regexp_like(
                        response,
                        concat(
                            '"([Uu]n(successful|processed)[A-Za-z]*|[Ff]ail(ed|ures)[A-Za-z]*|[Ee]rrors)"',
                            '[ ]*:[ ]*(\[[ ]*["{\[]|\{[ ]*")'
                        )
                    )
                    THEN 'partial'
                ELSE 'success'
            END
        WHEN regexp_like(error_code, '^(Client\.)?DryRunOperation\z') THEN 'dry_run'
        WHEN
            regexp_like(
                error_code,
                concat(
                    'Throttl|RequestLimitExceeded|TooManyRequests|^SlowDown\z',
                    '|ProvisionedThroughputExceeded|BandwidthLimitExceeded'
                )
            )
            THEN 'throttled'
        WHEN
            regexp_like(
                error_code,
                concat(
                    'AccessDenied|Unauthorized|NotAuthorized|AuthorizationError|^(Client\.)?OperationNotPermitted\z',
                    '|^Forbidden(Exception)?\z|^(Client\.)?AuthFailure\z|ExpiredToken|InvalidClientTokenId',
                    '|SignatureDoesNotMatch|MissingAuthenticationToken|^InvalidAccessKeyId\z'
                )
            )
            THEN 'denied'
        ELSE 'failed'
    END AS varchar) AS call_result,
    error_code,
    error_message,
    read_only,
    -- Calls that disclose secrets or grant credentials, whatever read_only says of them: AssumeRole and Decrypt are
    -- logged as read-only, GetSessionToken and CreateAccessKey are not.
    coalesce(
        CASE event_source
            WHEN 'acm.amazonaws.com' THEN event_name = 'ExportCertificate'
            WHEN 'codeartifact.amazonaws.com' THEN event_name = 'GetAuthorizationToken'
            WHEN 'cognito-identity.amazonaws.com'
                THEN event_name IN ('GetCredentialsForIdentity', 'GetOpenIdToken', 'GetOpenIdTokenForDeveloperIdentity')
            WHEN 'connect.amazonaws.com' THEN event_name = 'GetFederationToken'
            WHEN 'ec2.amazonaws.com'
                THEN event_name IN ('CreateKeyPair', 'GetConsoleOutput', 'GetConsoleScreenshot', 'GetPasswordData')
            WHEN 'ecr.amazonaws.com' THEN event_name = 'GetAuthorizationToken'
            WHEN 'ecr-public.amazonaws.com' THEN event_name = 'GetAuthorizationToken'
            WHEN 'eks-auth.amazonaws.com' THEN event_name = 'AssumeRoleForPodIdentity'
            WHEN 'iam.amazonaws.com'
                THEN event_name IN (
                    'CreateAccessKey', 'CreateServiceSpecificCredential', 'GetCredentialReport',
                    'ResetServiceSpecificCredential'
                )
            WHEN 'kms.amazonaws.com'
                THEN event_name IN (
                    'Decrypt', 'DeriveSharedSecret', 'GenerateDataKey', 'GenerateDataKeyPair', 'ReEncrypt'
                )
            WHEN 'lakeformation.amazonaws.com'
                THEN event_name IN (
                    'GetTemporaryDataLocationCredentials', 'GetTemporaryGluePartitionCredentials',
                    'GetTemporaryGlueTableCredentials'
                )
            WHEN 'lightsail.amazonaws.com'
                THEN event_name IN (
                    'CreateBucketAccessKey', 'CreateKeyPair', 'DownloadDefaultKeyPair', 'GetInstanceAccessDetails',
                    'GetRelationalDatabaseMasterUserPassword'
                )
            WHEN 'redshift.amazonaws.com'
                THEN
                    event_name IN (
                        'GetClusterCredentials', 'GetClusterCredentialsWithIAM', 'GetIdentityCenterAuthToken'
                    )
            WHEN 'redshift-serverless.amazonaws.com'
                THEN event_name IN ('GetCredentials', 'GetIdentityCenterAuthToken')
            WHEN 'secretsmanager.amazonaws.com' THEN event_name IN ('BatchGetSecretValue', 'GetSecretValue')
            WHEN 'signin.amazonaws.com'
                THEN event_name IN ('CreateOAuth2Token', 'CreateOAuth2TokenWithIAM', 'GetSigninToken')
            WHEN 'ssm.amazonaws.com'
                THEN event_name IN (
                    'GetAccessToken', 'GetParameter', 'GetParameterHistory', 'GetParameters', 'GetParametersByPath'
                )
            WHEN 'sso.amazonaws.com' THEN event_name IN ('CreateToken', 'GetRoleCredentials')
            WHEN 'sso-oauth.amazonaws.com' THEN event_name IN ('CreateToken', 'CreateTokenWithIAM')
            WHEN 'sts.amazonaws.com'
                THEN event_name IN (
                    'AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity', 'AssumeRoot',
                    'GetDelegatedAccessToken', 'GetFederationToken', 'GetSessionToken', 'GetWebIdentityToken'
                )
        END,
        FALSE
    ) AS discloses,
    request,
    response,
    additional,
    service_details,
    request_state,
    response_state,
    addendum_reason,
    original_event_id,
    transform(
        resources,
        resource -> cast(
            row(resource.arn, resource.arnprefix, resource.accountid, resource.type)
            AS row (arn varchar, arn_prefix varchar, account_id varchar, type varchar)
        )
    ) AS resources,
    tls_version,
    tls_cipher,
    vpc_endpoint_id,
    vpc_endpoint_account_id,
    -- Whether the event says what it was about: in request, response, resources or details. `additional` only says how
    -- a call was made, but what a service did by itself may stand there.
    request_state <> 'empty'
    OR response_state <> 'empty'
    OR coalesce(cardinality(resources), 0) > 0
    OR service_details IS NOT NULL
    OR (coalesce(event_type, '') = 'AwsServiceEvent' AND additional IS NOT NULL) AS names_object,
    -- Of S3's events what is asked of `request`, `resources` and `additional`, which are most of their bytes.
    CASE
        WHEN event_source = 's3.amazonaws.com'
            THEN coalesce(
                json_extract_scalar(request, '$.bucketName'),
                regexp_extract(
                    element_at(filter(resources, held -> held.type = 'AWS::S3::Bucket'), 1).arn, ':::(.+)\z', 1
                )
            )
    END AS bucket_name,
    -- What a copy reads, as logged: a bucket and a key. The request's bucket and key are where it writes.
    CASE
        WHEN event_source = 's3.amazonaws.com' THEN json_extract_scalar(request, '$["x-amz-copy-source"]')
    END AS copy_source,
    -- How an ACL in the request opens a bucket or an object: the group of all users, or of all with an AWS account,
    -- that it grants something to, else the canned ACL that does so. NULL where it opens nothing. Grants stand as XML
    -- or as headers, one as an object and several as an array: the group's name is in all.
    CASE
        WHEN event_source = 's3.amazonaws.com'
            THEN coalesce(
                regexp_extract(
                    request, 'acs[.]amazonaws[.]com\\?/groups\\?/global\\?/(AllUsers|AuthenticatedUsers)', 1
                ),
                regexp_extract(
                    coalesce(
                        json_extract_scalar(request, '$["x-amz-acl"]'),
                        json_extract_scalar(request, '$["x-amz-acl"][0]')
                    ),
                    '^(public-read|public-read-write|authenticated-read)\z',
                    1
                )
            )
    END AS public_acl,
    -- Logged as 416 or as 416.0.
    cast(try_cast(json_extract_scalar(additional, '$.bytesTransferredOut') AS double) AS bigint) AS bytes_out,
    CASE WHEN event_source = 's3.amazonaws.com' THEN json_extract_scalar(request, '$.key') END AS object_key,
    -- On Athena the events of a group lie in a folder of their own (src/comprova/sql/event_groups.py says what for). A
    -- function of source, name and kind of actor alone.
    cast(CASE
        WHEN
            regexp_like(
                event_name,
                concat(
                    '^(AssumeRole|BatchCheck|BatchGet|BatchWriteItem|ChangeMessageVisibility|Check',
                    '|CompleteMultipart|CopyObject|Count|CreateLogStream|CreateMultipart|Decrypt',
                    '|Describe|Detect|Discover|Download|Encrypt|Estimate|ExecuteStatement|Filter',
                    '|GenerateDataKey|GenerateMac|Get|Head|Invoke|List|Lookup|Preview|Publish|PutItem',
                    '|PutLogEvents|PutObject|PutRecord|Query|ReEncrypt|ReceiveMessage|RunInstances|Scan',
                    '|Search|Select|SendMessage|Sign|Simulate|Test|TransactGet|TransactWrite',
                    '|UpdateInstanceInformation|UpdateItem|UploadPart|Validate|Verify)'
                )
            )
            THEN concat(
                CASE
                    WHEN
                        event_source IN (
                            'athena.amazonaws.com', 'cloudformation.amazonaws.com', 'cloudtrail.amazonaws.com',
                            'config.amazonaws.com', 'dynamodb.amazonaws.com', 'ec2.amazonaws.com',
                            'ecr.amazonaws.com', 'ecs.amazonaws.com', 'eks.amazonaws.com',
                            'elasticloadbalancing.amazonaws.com', 'glue.amazonaws.com', 'iam.amazonaws.com',
                            'kinesis.amazonaws.com', 'kms.amazonaws.com', 'lambda.amazonaws.com',
                            'logs.amazonaws.com', 'monitoring.amazonaws.com', 'organizations.amazonaws.com',
                            'rds.amazonaws.com', 's3.amazonaws.com', 'secretsmanager.amazonaws.com',
                            'sqs.amazonaws.com', 'ssm.amazonaws.com', 'sts.amazonaws.com'
                        )
                        THEN replace(event_source, '.amazonaws.com', '')
                    ELSE 'other'
                END,
                CASE
                    WHEN
                        actor_kind IN (
                            'iam_user', 'human_role', 'federated', 'identity_center', 'root', 'assumed_root'
                        )
                        THEN '-people'
                    ELSE '-uses'
                END
            )
        WHEN
            event_source IN (
                'account.amazonaws.com', 'acm.amazonaws.com', 'apigateway.amazonaws.com', 'athena.amazonaws.com',
                'backup.amazonaws.com', 'bedrock.amazonaws.com', 'cloudformation.amazonaws.com',
                'cloudfront.amazonaws.com', 'cloudtrail.amazonaws.com', 'codebuild.amazonaws.com',
                'config.amazonaws.com', 'dynamodb.amazonaws.com', 'ec2.amazonaws.com', 'ecr.amazonaws.com',
                'ecs.amazonaws.com', 'eks.amazonaws.com', 'elasticache.amazonaws.com',
                'elasticfilesystem.amazonaws.com', 'elasticloadbalancing.amazonaws.com', 'es.amazonaws.com',
                'events.amazonaws.com', 'glue.amazonaws.com', 'guardduty.amazonaws.com', 'iam.amazonaws.com',
                'kinesis.amazonaws.com', 'kms.amazonaws.com', 'lambda.amazonaws.com', 'logs.amazonaws.com',
                'macie2.amazonaws.com', 'monitoring.amazonaws.com', 'organizations.amazonaws.com',
                'ram.amazonaws.com', 'rds.amazonaws.com', 'redshift.amazonaws.com', 'route53.amazonaws.com',
                's3.amazonaws.com', 'sagemaker.amazonaws.com', 'secretsmanager.amazonaws.com',
                'securityhub.amazonaws.com', 'signin.amazonaws.com', 'sns.amazonaws.com', 'sqs.amazonaws.com',
                'ssm.amazonaws.com', 'sso.amazonaws.com', 'sso-directory.amazonaws.com', 'sts.amazonaws.com',
                'wafv2.amazonaws.com'
            )
            THEN concat(replace(event_source, '.amazonaws.com', ''), '-changes')
        ELSE 'other-changes'
    END AS varchar) AS event_group
FROM who
