export type { PlayerDevice } from './content.ts';
export {
  createDeviceKeys,
  deleteDeviceKeys,
  loadDeviceKeys,
  type DeviceKeyPair,
  type DeviceKeys,
} from './device-keys.ts';
export { sameOriginGateway, type PlayerGateway } from './gateway.ts';
export { attachOverlay } from './overlay.ts';
export { createPlayer, type Player, type PlayerOptions } from './player.ts';
export { INITIAL_STATE, type PlayerState } from './state.ts';
export type { WorkerPort } from './worker-opener.ts';
