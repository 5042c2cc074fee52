import { GraphQLError } from "graphql";

/** Linear's errors: GraphQL errors whose extensions give their kind. */
type Extensions = Readonly<Record<string, unknown>>;

export function inputError(message: string, presentable: string, more: Extensions = {}): GraphQLError {
  return new GraphQLError(message, {
    extensions: {
      type: "invalid input",
      code: "INPUT_ERROR",
      statusCode: 400,
      userError: true,
      userPresentableMessage: presentable,
      ...more,
    },
  });
}

/** "Not found" has no kind of its own; Linear responds with HTTP 200. */
export function entityNotFound(entity: string): GraphQLError {
  return inputError(`Entity not found: ${entity}`, `Could not find referenced ${entity}.`);
}

export function argumentError(property: string, constraints: Readonly<Record<string, string>>): GraphQLError {
  return inputError("Argument Validation Error", Object.values(constraints).join(" "), {
    code: "INVALID_INPUT",
    validationErrors: [{ property, constraints }],
  });
}

/** The key or token lacks a scope; text seen live. */
export function scopeMissing(scope: string): GraphQLError {
  return forbidden(`Invalid scope: \`${scope}\` required`, `Invalid scope: \`${scope}\` required`);
}

export function forbidden(message: string, presentable: string): GraphQLError {
  return new GraphQLError(message, {
    extensions: {
      type: "forbidden",
      code: "FORBIDDEN",
      statusCode: 403,
      userError: true,
      userPresentableMessage: presentable,
    },
  });
}

/** A second create with the same client id; seen live for issues and comments. */
export function insertConflict(entity: string, id: string): GraphQLError {
  return inputError(`conflict on insert of ${entity}`, `Entity ${entity} with id ${id} already exists.`);
}

export function tooComplex(complexity: number, most: number): GraphQLError {
  return inputError(
    "Query too complex",
    `The query is too complex. Complexity: ${complexity}. Maximum allowed complexity: ${most}.`,
    { http: { status: 400 } },
  );
}

export function notAuthenticated(): GraphQLError {
  return new GraphQLError("Authentication required, not authenticated", {
    extensions: {
      type: "authentication error",
      code: "AUTHENTICATION_ERROR",
      statusCode: 401,
      userError: true,
      userPresentableMessage: "You need to authenticate to access this operation.",
      meta: {},
      http: { status: 401 },
    },
  });
}

export function keySentAsBearer(): GraphQLError {
  return inputError(
    "It looks like you're trying to use an API key as a Bearer token. Remove the Bearer prefix from the Authorization header.",
    "It looks like you're trying to use an API key as a Bearer token. Remove the Bearer prefix from the Authorization header.",
    { http: { status: 400 } },
  );
}

export function rateLimited(message: string): GraphQLError {
  return new GraphQLError(message, {
    extensions: {
      type: "ratelimited",
      code: "RATELIMITED",
      statusCode: 429,
      userError: true,
      userPresentableMessage: message,
      http: { status: 400 },
    },
  });
}

/** Validation and syntax errors, worded as by Linear's server. */
export function asGraphQLFailure(error: GraphQLError): object {
  return {
    message: error.message,
    ...(error.locations === undefined ? {} : { locations: error.locations }),
    extensions: {
      http: { status: 400, headers: {} },
      code: "GRAPHQL_VALIDATION_FAILED",
      type: "graphql error",
      userError: true,
    },
  };
}
