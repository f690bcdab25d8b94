import SerializerSelector from '@fastify/fast-json-stringify-compiler';

type Factory = SerializerSelector.SerializerFactory;

/** Fastify's own serializers, each made for its first answer: all of them at once lengthen every start. */
export const lateSerializers: Factory = (schemas, options) => {
  const compile = SerializerSelector()(schemas, options);
  return (route) => {
    let serialize: SerializerSelector.Serializer | undefined;
    return (data) => {
      serialize ??= compile({ ...route, schema: pruning(route.schema) });
      return serialize(data);
    };
  };
};

/**
 * Closed objects say `additionalProperties: false`. Without it the serializer leaves out what a schema does not name;
 * with it, it would refuse a whole answer where one of several shapes fits but for a column too many.
 */
function pruning(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(pruning);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key, value]) => key !== 'additionalProperties' || value !== false)
      .map(([key, value]) => [key, pruning(value)]),
  );
}
