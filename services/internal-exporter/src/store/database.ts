import { PrismaPg } from '@prisma/adapter-pg';
import { Prisma, PrismaClient } from '../generated/prisma/client.ts';

export type Database = PrismaClient;
/** What a step inside {@link inTransaction} writes with. */
export type Transaction = Prisma.TransactionClient;
export type { Prisma };

/** Connects lazily: the first query opens the pool. Close with `$disconnect()`. */
export function openDatabase(url: string): Database {
  return new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max: 10 }) });
}

/** Runs `step` in one transaction; everything or nothing of it is kept. */
export function inTransaction<T>(db: Database, step: (tx: Transaction) => Promise<T>): Promise<T> {
  return db.$transaction(step, { maxWait: 10_000, timeout: 20_000 });
}

/** A value as a JSON column takes it. */
export function toJson(value: unknown): Prisma.InputJsonValue {
  // Whatever goes through here came out of a contract schema: JSON by construction.
  return value as Prisma.InputJsonValue;
}

/** Null for a JSON column that has one (SQL NULL, not the JSON word). */
export const JSON_NULL = Prisma.DbNull;

/** True for a unique-constraint violation: somebody else wrote the same thing first. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
}
