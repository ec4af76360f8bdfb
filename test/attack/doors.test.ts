import { doorAttacks } from '../../attack/list.ts'
import { attackTogether } from './attacks.ts'

attackTogether(doorAttacks)
