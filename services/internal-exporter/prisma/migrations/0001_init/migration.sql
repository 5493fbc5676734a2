-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "Site" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "siteId" TEXT NOT NULL,
    "siteName" TEXT NOT NULL,
    "caCertificate" TEXT NOT NULL,
    "sealCertificate" TEXT NOT NULL,
    "laneCertificate" TEXT NOT NULL,
    "ledgerCertificate" TEXT NOT NULL,
    "intakeKeyId" TEXT NOT NULL,
    "intakeJwk" JSONB NOT NULL,
    "atRestKeyId" TEXT NOT NULL,
    "atRestJwk" JSONB NOT NULL,
    "previewKeyId" TEXT NOT NULL,
    "previewJwk" JSONB NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Site_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Account" (
    "id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "loginLookup" TEXT NOT NULL,
    "loginEncrypted" BYTEA NOT NULL,
    "nameEncrypted" BYTEA NOT NULL,
    "staffNumberEncrypted" BYTEA NOT NULL,
    "staffNumberLookup" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "passwordHash" TEXT,
    "totpSecretEncrypted" BYTEA,
    "lastTotpStep" INTEGER,
    "activationCodeHash" TEXT,
    "activationExpiresAt" TIMESTAMP(3),
    "proposedById" TEXT,
    "proposedByPersonId" TEXT,
    "confirmedById" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "activatedAt" TIMESTAMP(3),
    "disabledAt" TIMESTAMP(3),

    CONSTRAINT "Account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "LoginFailure" (
    "id" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "LoginFailure_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Session" (
    "id" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "endsAt" TIMESTAMP(3) NOT NULL,
    "closedAt" TIMESTAMP(3),

    CONSTRAINT "Session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ActorName" (
    "digest" TEXT NOT NULL,
    "saltEncrypted" BYTEA NOT NULL,
    "nameEncrypted" BYTEA NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "ActorName_pkey" PRIMARY KEY ("digest")
);

-- CreateTable
CREATE TABLE "ApproverKey" (
    "id" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "publicJwk" JSONB NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "jws" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "certificateId" TEXT,
    "confirmedById" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "confirmedAt" TIMESTAMP(3),

    CONSTRAINT "ApproverKey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CertificateOrder" (
    "id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "subjectId" TEXT NOT NULL,
    "ownerId" TEXT NOT NULL,
    "publicJwk" JSONB NOT NULL,
    "publicSha256" TEXT NOT NULL,
    "validDays" INTEGER NOT NULL,
    "orderedById" TEXT,
    "orderedAt" TIMESTAMP(3) NOT NULL,
    "issuedAt" TIMESTAMP(3),
    "certificateId" TEXT,

    CONSTRAINT "CertificateOrder_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Certificate" (
    "id" TEXT NOT NULL,
    "serial" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "subjectId" TEXT NOT NULL,
    "ownerId" TEXT NOT NULL,
    "der" TEXT NOT NULL,
    "notBefore" TIMESTAMP(3) NOT NULL,
    "notAfter" TIMESTAMP(3) NOT NULL,
    "revokedAt" TIMESTAMP(3),
    "revocationReason" TEXT,

    CONSTRAINT "Certificate_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "DirectoryRow" (
    "kind" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "value" JSONB,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "DirectoryRow_pkey" PRIMARY KEY ("kind","id")
);

-- CreateTable
CREATE TABLE "Station" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "createdById" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Station_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Camera" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "location" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "district" TEXT NOT NULL,
    "retentionDays" INTEGER NOT NULL,
    "exclusion" JSONB NOT NULL,
    "latitude" DOUBLE PRECISION,
    "longitude" DOUBLE PRECISION,
    "version" INTEGER NOT NULL,
    "registrantId" TEXT,
    "registeredAt" TIMESTAMP(3) NOT NULL,
    "removedAt" TIMESTAMP(3),

    CONSTRAINT "Camera_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Officer" (
    "id" TEXT NOT NULL,
    "stationId" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "personalEncrypted" BYTEA NOT NULL,
    "staffNumberLookup" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "recordSha256" TEXT NOT NULL,
    "signedUpAt" TIMESTAMP(3) NOT NULL,
    "decidedAt" TIMESTAMP(3),
    "decidedById" TEXT,

    CONSTRAINT "Officer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Device" (
    "id" TEXT NOT NULL,
    "officerId" TEXT NOT NULL,
    "labelEncrypted" BYTEA NOT NULL,
    "signingJwk" JSONB NOT NULL,
    "agreementJwk" JSONB NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "enrolmentSha256" TEXT NOT NULL,
    "challengeSha256" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "receivedAt" TIMESTAMP(3) NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "decidedAt" TIMESTAMP(3),
    "decidedById" TEXT,
    "signCertificateId" TEXT,
    "agreeCertificateId" TEXT,

    CONSTRAINT "Device_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Gateway" (
    "id" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "signingJwk" JSONB NOT NULL,
    "ledgerJwk" JSONB NOT NULL,
    "importedAt" TIMESTAMP(3) NOT NULL,
    "importedBy" TEXT NOT NULL,
    "witnessedBy" TEXT NOT NULL,
    "current" BOOLEAN NOT NULL,

    CONSTRAINT "Gateway_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "GatewayAgreementKey" (
    "gatewayId" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "jwk" JSONB NOT NULL,
    "notAfter" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "GatewayAgreementKey_pkey" PRIMARY KEY ("gatewayId","epoch")
);

-- CreateTable
CREATE TABLE "Policy" (
    "version" INTEGER NOT NULL,
    "value" JSONB NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "changedById" TEXT,

    CONSTRAINT "Policy_pkey" PRIMARY KEY ("version")
);

-- CreateTable
CREATE TABLE "ExportRequest" (
    "id" TEXT NOT NULL,
    "receiptNumber" TEXT NOT NULL,
    "officerId" TEXT NOT NULL,
    "deviceId" TEXT NOT NULL,
    "jws" TEXT NOT NULL,
    "jwsSha256" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "statusVersion" INTEGER NOT NULL,
    "failure" TEXT,
    "detailsEncrypted" BYTEA,
    "documentNumberLookup" TEXT,
    "recipientOfficerId" TEXT,
    "warnings" TEXT[],
    "rejectionEncrypted" BYTEA,
    "notes" JSONB NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "receivedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "ExportRequest_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "RequestItem" (
    "id" TEXT NOT NULL,
    "requestId" TEXT NOT NULL,
    "cameraId" TEXT NOT NULL,
    "startsAt" TIMESTAMP(3) NOT NULL,
    "endsAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "RequestItem_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "RequestHistory" (
    "id" SERIAL NOT NULL,
    "requestId" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "accountId" TEXT,

    CONSTRAINT "RequestHistory_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ApprovalDraft" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "requestId" TEXT NOT NULL,
    "exportId" TEXT,
    "accountId" TEXT NOT NULL,
    "scopeEncrypted" BYTEA NOT NULL,
    "scopeSha256" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "ApprovalDraft_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Approval" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "requestId" TEXT NOT NULL,
    "exportId" TEXT,
    "accountId" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "certificateId" TEXT NOT NULL,
    "jws" TEXT NOT NULL,
    "jwsSha256" TEXT NOT NULL,
    "scopeEncrypted" BYTEA NOT NULL,
    "scopeSha256" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Approval_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "LedgerOutbox" (
    "seq" BIGSERIAL NOT NULL,
    "entryId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "packageId" TEXT,
    "entry" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "leafIndex" BIGINT,
    "appendedAt" TIMESTAMP(3),

    CONSTRAINT "LedgerOutbox_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "OutboundRecord" (
    "seq" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "dedupeKey" TEXT,
    "payload" TEXT NOT NULL,
    "jws" TEXT,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "failure" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "claimedBy" TEXT,
    "leaseUntil" TIMESTAMP(3),
    "createdAt" TIMESTAMP(3) NOT NULL,
    "signedAt" TIMESTAMP(3),
    "sentAt" TIMESTAMP(3),

    CONSTRAINT "OutboundRecord_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "InboundRecord" (
    "sha256" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "jws" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "failure" TEXT,
    "receivedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "InboundRecord_pkey" PRIMARY KEY ("sha256")
);

-- CreateTable
CREATE TABLE "Checkpoint" (
    "id" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "treeSize" BIGINT NOT NULL,
    "rootHash" TEXT NOT NULL,
    "jws" TEXT,
    "verdict" TEXT,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Checkpoint_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Witness" (
    "origin" TEXT NOT NULL,
    "state" JSONB NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Witness_pkey" PRIMARY KEY ("origin")
);

-- CreateTable
CREATE TABLE "Footage" (
    "id" TEXT NOT NULL,
    "cameraId" TEXT NOT NULL,
    "startsAt" TIMESTAMP(3) NOT NULL,
    "endsAt" TIMESTAMP(3),
    "nameEncrypted" BYTEA,
    "sha256" TEXT NOT NULL,
    "sizeBytes" BIGINT NOT NULL,
    "source" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "failure" TEXT,
    "probe" JSONB,
    "importedById" TEXT,
    "importedAt" TIMESTAMP(3) NOT NULL,
    "destroyedAt" TIMESTAMP(3),

    CONSTRAINT "Footage_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Export" (
    "id" TEXT NOT NULL,
    "requestId" TEXT NOT NULL,
    "itemId" TEXT NOT NULL,
    "cameraId" TEXT NOT NULL,
    "startsAt" TIMESTAMP(3) NOT NULL,
    "endsAt" TIMESTAMP(3) NOT NULL,
    "state" TEXT NOT NULL,
    "progress" TEXT NOT NULL,
    "percent" INTEGER NOT NULL DEFAULT 0,
    "failure" TEXT,
    "failureDetail" JSONB,
    "packageId" TEXT,
    "preparedById" TEXT,
    "preparedAt" TIMESTAMP(3),
    "footageId" TEXT,
    "plan" JSONB,
    "planVersion" INTEGER,
    "models" JSONB NOT NULL DEFAULT '[]',
    "previews" JSONB NOT NULL DEFAULT '[]',
    "reviewedVersion" INTEGER,
    "reviewedById" TEXT,
    "reviewedAt" TIMESTAMP(3),
    "rendered" JSONB,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "updatedAt" TIMESTAMP(3) NOT NULL,
    "wipedAt" TIMESTAMP(3),

    CONSTRAINT "Export_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "MaskPlanVersion" (
    "exportId" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "fileId" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "authorId" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "MaskPlanVersion_pkey" PRIMARY KEY ("exportId","version")
);

-- CreateTable
CREATE TABLE "Job" (
    "id" TEXT NOT NULL,
    "exportId" TEXT NOT NULL,
    "step" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "failure" TEXT,
    "claimedBy" TEXT,
    "leaseUntil" TIMESTAMP(3),
    "notBefore" TIMESTAMP(3) NOT NULL,
    "supersedes" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "finishedAt" TIMESTAMP(3),

    CONSTRAINT "Job_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "JobKey" (
    "id" TEXT NOT NULL,
    "jobId" TEXT NOT NULL,
    "fileId" TEXT NOT NULL,
    "publicJwk" JSONB NOT NULL,
    "wrapped" TEXT,
    "failure" TEXT,
    "requestedAt" TIMESTAMP(3) NOT NULL,
    "answeredAt" TIMESTAMP(3),

    CONSTRAINT "JobKey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SealedPackage" (
    "id" TEXT NOT NULL,
    "exportId" TEXT NOT NULL,
    "requestId" TEXT NOT NULL,
    "supersedes" TEXT,
    "state" TEXT NOT NULL,
    "failure" TEXT,
    "root" TEXT,
    "sizeBytes" BIGINT,
    "segmentCount" INTEGER,
    "deviceIds" TEXT[],
    "gatewayId" TEXT NOT NULL,
    "grantId" TEXT NOT NULL,
    "grantVersion" INTEGER NOT NULL DEFAULT 0,
    "partCount" INTEGER,
    "nextPart" INTEGER NOT NULL DEFAULT 0,
    "claimedBy" TEXT,
    "leaseUntil" TIMESTAMP(3),
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "sealedAt" TIMESTAMP(3),
    "sentAt" TIMESTAMP(3),
    "receivedAt" TIMESTAMP(3),
    "wipedAt" TIMESTAMP(3),

    CONSTRAINT "SealedPackage_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "LaneSequence" (
    "lane" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "nextSeq" BIGINT NOT NULL,

    CONSTRAINT "LaneSequence_pkey" PRIMARY KEY ("lane")
);

-- CreateTable
CREATE TABLE "LaneFrameOut" (
    "epoch" INTEGER NOT NULL,
    "seq" BIGINT NOT NULL,
    "recordSeq" BIGINT,
    "packageId" TEXT,
    "partIndex" INTEGER,
    "at" TIMESTAMP(3) NOT NULL,
    "sentAt" TIMESTAMP(3),

    CONSTRAINT "LaneFrameOut_pkey" PRIMARY KEY ("epoch","seq")
);

-- CreateTable
CREATE TABLE "LaneInbound" (
    "lane" TEXT NOT NULL,
    "state" JSONB NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "LaneInbound_pkey" PRIMARY KEY ("lane")
);

-- CreateIndex
CREATE UNIQUE INDEX "Account_loginLookup_key" ON "Account"("loginLookup");

-- CreateIndex
CREATE INDEX "Account_staffNumberLookup_idx" ON "Account"("staffNumberLookup");

-- CreateIndex
CREATE INDEX "LoginFailure_accountId_idx" ON "LoginFailure"("accountId");

-- CreateIndex
CREATE INDEX "Session_accountId_idx" ON "Session"("accountId");

-- CreateIndex
CREATE INDEX "ApproverKey_accountId_idx" ON "ApproverKey"("accountId");

-- CreateIndex
CREATE INDEX "CertificateOrder_issuedAt_idx" ON "CertificateOrder"("issuedAt");

-- CreateIndex
CREATE UNIQUE INDEX "CertificateOrder_role_subjectId_publicSha256_key" ON "CertificateOrder"("role", "subjectId", "publicSha256");

-- CreateIndex
CREATE UNIQUE INDEX "Certificate_serial_key" ON "Certificate"("serial");

-- CreateIndex
CREATE INDEX "Certificate_role_subjectId_idx" ON "Certificate"("role", "subjectId");

-- CreateIndex
CREATE INDEX "Certificate_ownerId_idx" ON "Certificate"("ownerId");

-- CreateIndex
CREATE INDEX "Camera_name_idx" ON "Camera"("name");

-- CreateIndex
CREATE INDEX "Officer_staffNumberLookup_idx" ON "Officer"("staffNumberLookup");

-- CreateIndex
CREATE INDEX "Device_officerId_idx" ON "Device"("officerId");

-- CreateIndex
CREATE UNIQUE INDEX "ExportRequest_receiptNumber_key" ON "ExportRequest"("receiptNumber");

-- CreateIndex
CREATE UNIQUE INDEX "ExportRequest_jwsSha256_key" ON "ExportRequest"("jwsSha256");

-- CreateIndex
CREATE INDEX "ExportRequest_state_idx" ON "ExportRequest"("state");

-- CreateIndex
CREATE INDEX "ExportRequest_officerId_idx" ON "ExportRequest"("officerId");

-- CreateIndex
CREATE INDEX "ExportRequest_documentNumberLookup_idx" ON "ExportRequest"("documentNumberLookup");

-- CreateIndex
CREATE INDEX "RequestItem_cameraId_startsAt_idx" ON "RequestItem"("cameraId", "startsAt");

-- CreateIndex
CREATE INDEX "RequestHistory_requestId_idx" ON "RequestHistory"("requestId");

-- CreateIndex
CREATE INDEX "ApprovalDraft_requestId_idx" ON "ApprovalDraft"("requestId");

-- CreateIndex
CREATE UNIQUE INDEX "Approval_jwsSha256_key" ON "Approval"("jwsSha256");

-- CreateIndex
CREATE INDEX "Approval_requestId_kind_idx" ON "Approval"("requestId", "kind");

-- CreateIndex
CREATE UNIQUE INDEX "LedgerOutbox_entryId_key" ON "LedgerOutbox"("entryId");

-- CreateIndex
CREATE UNIQUE INDEX "LedgerOutbox_leafIndex_key" ON "LedgerOutbox"("leafIndex");

-- CreateIndex
CREATE INDEX "LedgerOutbox_appendedAt_idx" ON "LedgerOutbox"("appendedAt");

-- CreateIndex
CREATE INDEX "LedgerOutbox_packageId_idx" ON "LedgerOutbox"("packageId");

-- CreateIndex
CREATE UNIQUE INDEX "OutboundRecord_dedupeKey_key" ON "OutboundRecord"("dedupeKey");

-- CreateIndex
CREATE INDEX "OutboundRecord_state_seq_idx" ON "OutboundRecord"("state", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "Checkpoint_origin_treeSize_rootHash_key" ON "Checkpoint"("origin", "treeSize", "rootHash");

-- CreateIndex
CREATE INDEX "Footage_cameraId_startsAt_idx" ON "Footage"("cameraId", "startsAt");

-- CreateIndex
CREATE INDEX "Footage_state_idx" ON "Footage"("state");

-- CreateIndex
CREATE UNIQUE INDEX "Export_itemId_key" ON "Export"("itemId");

-- CreateIndex
CREATE INDEX "Export_requestId_idx" ON "Export"("requestId");

-- CreateIndex
CREATE INDEX "Export_state_idx" ON "Export"("state");

-- CreateIndex
CREATE UNIQUE INDEX "MaskPlanVersion_fileId_key" ON "MaskPlanVersion"("fileId");

-- CreateIndex
CREATE INDEX "Job_state_step_notBefore_idx" ON "Job"("state", "step", "notBefore");

-- CreateIndex
CREATE INDEX "Job_exportId_idx" ON "Job"("exportId");

-- CreateIndex
CREATE INDEX "JobKey_answeredAt_idx" ON "JobKey"("answeredAt");

-- CreateIndex
CREATE INDEX "SealedPackage_exportId_idx" ON "SealedPackage"("exportId");

-- CreateIndex
CREATE INDEX "SealedPackage_state_idx" ON "SealedPackage"("state");

-- CreateIndex
CREATE UNIQUE INDEX "LaneFrameOut_recordSeq_key" ON "LaneFrameOut"("recordSeq");

-- CreateIndex
CREATE UNIQUE INDEX "LaneFrameOut_packageId_partIndex_key" ON "LaneFrameOut"("packageId", "partIndex");

-- AddForeignKey
ALTER TABLE "LoginFailure" ADD CONSTRAINT "LoginFailure_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Session" ADD CONSTRAINT "Session_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ApproverKey" ADD CONSTRAINT "ApproverKey_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "Account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Officer" ADD CONSTRAINT "Officer_stationId_fkey" FOREIGN KEY ("stationId") REFERENCES "Station"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Device" ADD CONSTRAINT "Device_officerId_fkey" FOREIGN KEY ("officerId") REFERENCES "Officer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "GatewayAgreementKey" ADD CONSTRAINT "GatewayAgreementKey_gatewayId_fkey" FOREIGN KEY ("gatewayId") REFERENCES "Gateway"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RequestItem" ADD CONSTRAINT "RequestItem_requestId_fkey" FOREIGN KEY ("requestId") REFERENCES "ExportRequest"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RequestHistory" ADD CONSTRAINT "RequestHistory_requestId_fkey" FOREIGN KEY ("requestId") REFERENCES "ExportRequest"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Approval" ADD CONSTRAINT "Approval_requestId_fkey" FOREIGN KEY ("requestId") REFERENCES "ExportRequest"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Export" ADD CONSTRAINT "Export_requestId_fkey" FOREIGN KEY ("requestId") REFERENCES "ExportRequest"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Export" ADD CONSTRAINT "Export_footageId_fkey" FOREIGN KEY ("footageId") REFERENCES "Footage"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "MaskPlanVersion" ADD CONSTRAINT "MaskPlanVersion_exportId_fkey" FOREIGN KEY ("exportId") REFERENCES "Export"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Job" ADD CONSTRAINT "Job_exportId_fkey" FOREIGN KEY ("exportId") REFERENCES "Export"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "JobKey" ADD CONSTRAINT "JobKey_jobId_fkey" FOREIGN KEY ("jobId") REFERENCES "Job"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SealedPackage" ADD CONSTRAINT "SealedPackage_exportId_fkey" FOREIGN KEY ("exportId") REFERENCES "Export"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
