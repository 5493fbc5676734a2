import { defineConfig } from 'prisma/config';

// No url: clients get theirs from configuration at run time, and `generate` needs none.
export default defineConfig({
  schema: 'prisma/schema',
  migrations: { path: 'prisma/migrations' },
});
