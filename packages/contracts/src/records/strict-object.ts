import Type, { type TProperties } from 'typebox';

/** An object that refuses members it does not name. */
export const strictObject = <P extends TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });
