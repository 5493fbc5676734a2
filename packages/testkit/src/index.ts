export { createHops, type Hops } from './first-run/hops.ts';
export * from './first-run/export-steps.ts';
export {
  enlistOfficer,
  hireStaff,
  registerPlaces,
  type Requester,
  type Staff,
} from './first-run/cast.ts';
export { tellStory, type StoryClip, type StoryEnd } from './first-run/story.ts';
export { formatTable, type HopRow } from './first-run/table.ts';
export { findInDatabase } from './find-in-database.ts';
export { FolderMover, type MoverFaults, type MoverTally } from './folder-mover.ts';
export { makeClip, type ClipOptions } from './make-clip.ts';
export {
  freePort,
  openPair,
  type CommandReply,
  type Pair,
  type PairOptions,
  type PairProgram,
} from './pair/open-pair.ts';
export { startService, runCommand, waitReady, type RunningService } from './pair/processes.ts';
export { findRepository } from './pair/repository.ts';
export * from './people/account.ts';
export { ApiRefusal, createApiClient, type ApiClient } from './people/api-client.ts';
export * from './people/approver-key.ts';
export {
  askLicence,
  enrolDevice,
  playPackage,
  type EnrolledDevice,
  type Played,
} from './people/device.ts';
export { randomId, signUp, submitRequest } from './people/officer.ts';
export { certifyApprover, hire, type Approver, type StaffMember } from './people/staff.ts';
export { waitFor } from './people/wait-for.ts';
