import { countsOf, inventory, inventoryJson, inventoryText } from './inventory';

const lines = inventory();
const isJson = process.argv.includes('--json');
process.stdout.write(`${isJson ? inventoryJson(lines) : inventoryText(lines)}\n`);
process.exitCode = countsOf(lines).broken === 0 ? 0 : 1;
