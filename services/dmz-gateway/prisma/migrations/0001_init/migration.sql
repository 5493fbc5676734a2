-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "trust" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "siteId" TEXT NOT NULL,
    "siteName" TEXT NOT NULL,
    "ca" TEXT NOT NULL,
    "intakeKeyId" TEXT NOT NULL,
    "intakeKey" JSONB NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "importedAt" TIMESTAMP(3) NOT NULL,
    "gatewayCertificate" TEXT,
    "ledgerCertificate" TEXT,

    CONSTRAINT "trust_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "command_name" (
    "digest" TEXT NOT NULL,
    "nameEncrypted" BYTEA NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "command_name_pkey" PRIMARY KEY ("digest")
);

-- CreateTable
CREATE TABLE "account" (
    "id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "loginLookup" TEXT NOT NULL,
    "loginEncrypted" BYTEA NOT NULL,
    "nameEncrypted" BYTEA,
    "passwordHash" TEXT,
    "totpEncrypted" BYTEA,
    "totpLastStep" INTEGER,
    "activationHash" TEXT,
    "activationExpiresAt" TIMESTAMP(3),
    "officerId" TEXT,
    "stationId" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "login_failure" (
    "id" BIGSERIAL NOT NULL,
    "loginLookup" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "login_failure_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "endsAt" TIMESTAMP(3) NOT NULL,
    "deviceId" TEXT,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "directory_row" (
    "kind" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "version" BIGINT NOT NULL,
    "value" JSONB,
    "changedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "directory_row_pkey" PRIMARY KEY ("kind","id")
);

-- CreateTable
CREATE TABLE "certificate" (
    "id" TEXT NOT NULL,
    "serial" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "subjectId" TEXT NOT NULL,
    "ownerId" TEXT NOT NULL,
    "der" TEXT NOT NULL,
    "notAfter" TIMESTAMP(3) NOT NULL,
    "removedAt" TIMESTAMP(3),

    CONSTRAINT "certificate_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "revocation" (
    "serial" TEXT NOT NULL,
    "revokedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "revocation_pkey" PRIMARY KEY ("serial")
);

-- CreateTable
CREATE TABLE "device" (
    "id" TEXT NOT NULL,
    "officerId" TEXT NOT NULL,
    "labelEncrypted" BYTEA NOT NULL,
    "signingKey" JSONB NOT NULL,
    "agreementKey" JSONB NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "challenge" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "device_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "request" (
    "id" TEXT NOT NULL,
    "officerId" TEXT NOT NULL,
    "deviceId" TEXT NOT NULL,
    "copy" TEXT NOT NULL,
    "jwsSha256" TEXT NOT NULL,
    "submittedAt" TIMESTAMP(3) NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'submitted',
    "statusVersion" BIGINT NOT NULL DEFAULT 0,
    "receiptNumber" TEXT,
    "failure" TEXT,
    "history" JSONB NOT NULL DEFAULT '[]',
    "notes" JSONB NOT NULL DEFAULT '[]',
    "exports" JSONB NOT NULL DEFAULT '[]',
    "answeredAt" TIMESTAMP(3),

    CONSTRAINT "request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "package" (
    "id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "partCount" INTEGER NOT NULL,
    "partsReceived" INTEGER NOT NULL DEFAULT 0,
    "missing" JSONB NOT NULL DEFAULT '[]',
    "sizeBytes" BIGINT NOT NULL,
    "segmentCount" INTEGER NOT NULL DEFAULT 0,
    "root" TEXT,
    "header" TEXT,
    "layout" JSONB,
    "requestId" TEXT,
    "exportId" TEXT,
    "recipientOfficerId" TEXT,
    "supersedes" TEXT,
    "expiresAt" TIMESTAMP(3),
    "failure" TEXT,
    "firstPartAt" TIMESTAMP(3) NOT NULL,
    "wholeAt" TIMESTAMP(3),
    "admittedAt" TIMESTAMP(3),
    "destroyReason" TEXT,
    "keyDestroyedAt" TIMESTAMP(3),
    "fileDestroyedAt" TIMESTAMP(3),
    "receiptAt" TIMESTAMP(3),
    "reportedAt" TIMESTAMP(3),

    CONSTRAINT "package_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "licence_grant" (
    "id" TEXT NOT NULL,
    "version" BIGINT NOT NULL,
    "status" TEXT NOT NULL,
    "packageId" TEXT NOT NULL,
    "recipientOfficerId" TEXT NOT NULL,
    "devices" JSONB NOT NULL,
    "notBefore" TIMESTAMP(3) NOT NULL,
    "notAfter" TIMESTAMP(3) NOT NULL,
    "plays" INTEGER NOT NULL,
    "playsUsed" INTEGER NOT NULL DEFAULT 0,
    "channel" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "keyDestroyedAt" TIMESTAMP(3),

    CONSTRAINT "licence_grant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "agreement_epoch" (
    "epoch" INTEGER NOT NULL,
    "jwk" JSONB NOT NULL,
    "notAfter" TIMESTAMP(3) NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "announced" BOOLEAN NOT NULL DEFAULT false,
    "destroyedAt" TIMESTAMP(3),

    CONSTRAINT "agreement_epoch_pkey" PRIMARY KEY ("epoch")
);

-- CreateTable
CREATE TABLE "licence_nonce" (
    "id" TEXT NOT NULL,
    "packageId" TEXT NOT NULL,
    "deviceId" TEXT NOT NULL,
    "officerId" TEXT NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "usedAt" TIMESTAMP(3),

    CONSTRAINT "licence_nonce_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "licence" (
    "id" TEXT NOT NULL,
    "packageId" TEXT NOT NULL,
    "deviceId" TEXT NOT NULL,
    "officerId" TEXT NOT NULL,
    "issuedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "licence_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "receipt" (
    "jwsSha256" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "packageId" TEXT NOT NULL,
    "deviceId" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "receipt_pkey" PRIMARY KEY ("jwsSha256")
);

-- CreateTable
CREATE TABLE "download_tally" (
    "packageId" TEXT NOT NULL,
    "sessionId" TEXT NOT NULL,
    "deviceId" TEXT,
    "officerId" TEXT NOT NULL,
    "firstSegment" INTEGER NOT NULL,
    "lastSegment" INTEGER NOT NULL,
    "sizeBytes" BIGINT NOT NULL,
    "startedAt" TIMESTAMP(3) NOT NULL,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "download_tally_pkey" PRIMARY KEY ("packageId","sessionId")
);

-- CreateTable
CREATE TABLE "outbound" (
    "id" BIGSERIAL NOT NULL,
    "dedupeKey" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "jws" TEXT,
    "payload" JSONB,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "epoch" INTEGER,
    "seq" BIGINT,
    "queuedAt" TIMESTAMP(3) NOT NULL,
    "sentAt" TIMESTAMP(3),
    "failure" TEXT,

    CONSTRAINT "outbound_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "lane_sender" (
    "lane" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "nextSeq" BIGINT NOT NULL,

    CONSTRAINT "lane_sender_pkey" PRIMARY KEY ("lane")
);

-- CreateTable
CREATE TABLE "lane_receiver" (
    "lane" TEXT NOT NULL,
    "state" JSONB,
    "received" BIGINT NOT NULL DEFAULT 0,
    "refused" BIGINT NOT NULL DEFAULT 0,
    "lastFrameAt" TIMESTAMP(3),

    CONSTRAINT "lane_receiver_pkey" PRIMARY KEY ("lane")
);

-- CreateTable
CREATE TABLE "witnessed_ledger" (
    "origin" TEXT NOT NULL,
    "state" JSONB NOT NULL,
    "verdict" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "witnessed_ledger_pkey" PRIMARY KEY ("origin")
);

-- CreateTable
CREATE TABLE "ledger_event" (
    "row" BIGSERIAL NOT NULL,
    "entryId" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "actor" JSONB NOT NULL,
    "event" JSONB NOT NULL,
    "requestId" TEXT,
    "packageId" TEXT,
    "officerId" TEXT,
    "deviceId" TEXT,
    "ledgerIndex" BIGINT,

    CONSTRAINT "ledger_event_pkey" PRIMARY KEY ("row")
);

-- CreateTable
CREATE TABLE "own_checkpoint" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "treeSize" BIGINT NOT NULL,
    "rootHash" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "own_checkpoint_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "account_loginLookup_key" ON "account"("loginLookup");

-- CreateIndex
CREATE UNIQUE INDEX "account_officerId_key" ON "account"("officerId");

-- CreateIndex
CREATE INDEX "login_failure_loginLookup_at_idx" ON "login_failure"("loginLookup", "at");

-- CreateIndex
CREATE INDEX "session_accountId_idx" ON "session"("accountId");

-- CreateIndex
CREATE INDEX "session_deviceId_idx" ON "session"("deviceId");

-- CreateIndex
CREATE UNIQUE INDEX "certificate_serial_key" ON "certificate"("serial");

-- CreateIndex
CREATE INDEX "certificate_subjectId_role_idx" ON "certificate"("subjectId", "role");

-- CreateIndex
CREATE INDEX "device_officerId_idx" ON "device"("officerId");

-- CreateIndex
CREATE UNIQUE INDEX "request_jwsSha256_key" ON "request"("jwsSha256");

-- CreateIndex
CREATE INDEX "request_officerId_submittedAt_idx" ON "request"("officerId", "submittedAt");

-- CreateIndex
CREATE INDEX "package_recipientOfficerId_idx" ON "package"("recipientOfficerId");

-- CreateIndex
CREATE INDEX "package_state_expiresAt_idx" ON "package"("state", "expiresAt");

-- CreateIndex
CREATE UNIQUE INDEX "licence_grant_packageId_key" ON "licence_grant"("packageId");

-- CreateIndex
CREATE INDEX "licence_grant_epoch_idx" ON "licence_grant"("epoch");

-- CreateIndex
CREATE INDEX "licence_nonce_expiresAt_idx" ON "licence_nonce"("expiresAt");

-- CreateIndex
CREATE INDEX "licence_packageId_idx" ON "licence"("packageId");

-- CreateIndex
CREATE UNIQUE INDEX "outbound_dedupeKey_key" ON "outbound"("dedupeKey");

-- CreateIndex
CREATE INDEX "outbound_state_id_idx" ON "outbound"("state", "id");

-- CreateIndex
CREATE UNIQUE INDEX "ledger_event_entryId_key" ON "ledger_event"("entryId");

-- CreateIndex
CREATE INDEX "ledger_event_ledgerIndex_row_idx" ON "ledger_event"("ledgerIndex", "row");

-- CreateIndex
CREATE INDEX "ledger_event_packageId_idx" ON "ledger_event"("packageId");

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
