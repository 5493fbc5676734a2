import Type, { type TSchema } from 'typebox';
import { strictObject } from '../records/strict-object.ts';
import { Count, Id128 } from '../scalars.ts';

/** Query of a list: rows `offset` … `offset + limit`. */
export const PageQuery = strictObject({
  offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000_000, default: 0 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
});

/** One page of a list and how many rows there are in all. */
export const pageOf = <S extends TSchema>(row: S) =>
  strictObject({ rows: Type.Array(row, { maxItems: 500 }), total: Count });

/** Path parameter of everything that is named by an id. */
export const IdParams = strictObject({ id: Id128 });

export const orNull = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);

/** Answer of routes that say nothing but "done" (204). */
export const Done = Type.Null();
/** A table as text. */
export const CsvText = Type.String();
