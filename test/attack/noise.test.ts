import { noiseAttacks } from '../../attack/list.ts'
import { attackTogether } from './attacks.ts'

attackTogether(noiseAttacks)
