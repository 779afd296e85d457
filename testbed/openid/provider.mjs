// For tests alone: a real OpenID provider (oidc-provider) on loopback, which also speaks as GitHub does.
//
//   node provider.mjs SETTINGS.json
//
// SETTINGS.json: { port, modules, accounts, google: { client_id, client_secret }, github: { client_id, client_secret } };
// `modules` is the folder with the packages, `accounts` a JSON file that is read anew at every look at it:
// [{ sub, email, email_verified, name }], each `sub` a number in text, as GitHub's ids are.
//
// A person's browser says who signs in by the cookie `account=SUB`, in place of a page with a password; without it, or with
// a SUB that is unknown, the person declines. Everything else is the provider's own: codes, PKCE, tokens, keys.
// Its key is made at every start, so a restart is a rotation.

import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const BODY_BYTES_MAX = 64 * 1024;

const settings = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { Provider, interactionPolicy } = await import(
  pathToFileURL(join(settings.modules, 'oidc-provider/lib/index.js'))
);

const issuer = `http://127.0.0.1:${settings.port}`;

const account = (sub) => JSON.parse(readFileSync(settings.accounts, 'utf8')).find((one) => one.sub === sub);

const signingKey = () => ({
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }),
  kid: randomUUID(),
  use: 'sig',
  alg: 'RS256',
});

// A native client's redirect address on loopback is taken at any port (RFC 8252 § 7.3): gateways take free ones.
const client = ({ client_id, client_secret }, name, token_endpoint_auth_method) => ({
  client_id,
  client_secret,
  token_endpoint_auth_method,
  application_type: 'native',
  grant_types: ['authorization_code'],
  response_types: ['code'],
  redirect_uris: [`http://127.0.0.1/auth/oauth/${name}/callback`],
});

const policy = interactionPolicy.base();
policy.get('consent').checks.remove('native_client_prompt');

const provider = new Provider(issuer, {
  clients: [
    client(settings.google, 'google', 'client_secret_basic'),
    client(settings.github, 'github', 'client_secret_post'),
  ],
  jwks: { keys: [signingKey()] },
  cookies: { keys: [randomUUID()] },
  scopes: ['openid', 'email', 'profile', 'read:user', 'user:email'],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  // Google puts the claims of the scopes into the ID token itself.
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false } },
  interactions: { policy, url: (_, interaction) => `/interaction/${interaction.uid}` },
  ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
  findAccount: (_, sub) => {
    const found = account(sub);
    if (!found) return undefined;
    const { email, email_verified, name } = found;
    return { accountId: sub, claims: () => ({ sub, email, email_verified, name }) };
  },
  // Whoever signs in here consents.
  loadExistingGrant: async (ctx) => {
    const { client: { clientId }, session: { accountId } } = ctx.oidc;
    const grant = new provider.Grant({ clientId, accountId });
    grant.addOIDCScope(ctx.oidc.params.scope);
    await grant.save();
    return grant;
  },
});

const fail = (context, error) => {
  // Said for whoever reads the log of a test that failed.
  console.log(`${context.method ?? ''} ${context.path ?? ''}: ${error.error ?? ''} ${error.error_detail ?? error.message}`);
};
for (const event of ['authorization.error', 'grant.error', 'server_error']) provider.on(event, fail);

async function interaction(request, response) {
  const sub = /(?:^|;\s*)account=([^;]*)/.exec(request.headers.cookie ?? '')?.[1];
  const result = account(sub)
    ? { login: { accountId: sub } }
    : { error: 'access_denied', error_description: 'The person declined.' };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

// GitHub's addresses: https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps
async function accessToken(request, response) {
  const form = new URLSearchParams(await body(request));
  form.set('grant_type', 'authorization_code');
  const answer = await fetch(`${issuer}/token`, { method: 'POST', body: form });
  const token = await answer.json();
  // GitHub answers 200 to what fails, too, and in a form unless it is asked for JSON.
  const told = answer.ok
    ? { access_token: token.access_token, token_type: 'bearer', scope: (token.scope ?? '').replaceAll(' ', ',') }
    : {
        error: token.error === 'invalid_client' ? 'incorrect_client_credentials' : 'bad_verification_code',
        error_description: 'The code passed is incorrect or expired.',
      };
  if (request.headers.accept?.includes('json')) return json(response, 200, told);
  response.writeHead(200, { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' });
  return response.end(new URLSearchParams(told).toString());
}

async function api(request, response, path) {
  if (!request.headers['user-agent']) return json(response, 403, { message: 'Request forbidden by administrative rules.' });
  const bearer = /^(?:bearer|token) (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const token = bearer && (await provider.AccessToken.find(bearer));
  const found = token && token.isValid && account(token.accountId);
  if (!found) return json(response, 401, { message: 'Bad credentials' });
  if (path === '/user') {
    const { sub, name } = found;
    return json(response, 200, { id: Number(sub), login: `person-${sub}`, name, email: null, type: 'User' });
  }
  if (!token.scopes.has('user:email')) return json(response, 404, { message: 'Not Found' });
  return json(response, 200, [
    { email: `${found.sub}+person@users.noreply.invalid`, primary: false, verified: true, visibility: null },
    { email: found.email, primary: true, verified: found.email_verified, visibility: 'private' },
  ]);
}

async function body(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > BODY_BYTES_MAX) throw new Error('the body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function json(response, status, value) {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(value));
}

const openid = provider.callback();

async function answer(request, response) {
  const url = new URL(request.url, issuer);
  if (url.pathname.startsWith('/interaction/')) return interaction(request, response);
  if (url.pathname === '/login/oauth/access_token' && request.method === 'POST') return accessToken(request, response);
  if (url.pathname === '/user' || url.pathname === '/user/emails') return api(request, response, url.pathname);
  if (url.pathname === '/login/oauth/authorize') {
    url.searchParams.set('response_type', 'code');
    request.url = `/auth${url.search}`;
  }
  return openid(request, response);
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.log(error);
    if (!response.headersSent) response.writeHead(500);
    response.end();
  });
});
server.on('error', (error) => {
  console.log(error.code === 'EADDRINUSE' ? 'Address already in use' : error);
  process.exit(1);
});
process.on('SIGTERM', () => process.exit(0));
server.listen(settings.port, '127.0.0.1', () => console.log('ready'));
