/**
 * The range of North Co-op: generic goods, and three supplier brands of the made-up world (brightoat, meadowfarm, harbourtea).
 * Each line: name | brand | price in cents | how often it is bought | traits. Traits: k sold by the kilogram, w winter, s summer, f families,
 * n, o, e, u liked more in north, south, east, west.
 */
export interface Product {
  readonly id: string
  readonly name: string
  readonly category: string
  readonly brand: string
  readonly cents: number
  readonly weight: number
  readonly traits: string
}

/** In the order in which regions are declared by the contract. */
export const regions = ['north', 'south', 'east', 'west'] as const
const regionTraits = ['n', 'o', 'e', 'u']

const range: Readonly<Record<string, string>> = {
  'bread and bakery': `wheat bread|own label|139|95|f; rye bread|own label|199|60|n; wholemeal bread|other|249|50|; bread rolls|own label|99|80|f;
    baguette|other|129|45|u; oat bread|brightoat|279|18|n; croissants|own label|189|40|; sweet buns|other|219|30|f; crispbread|other|169|25|n;
    gluten-free bread|other|389|8|`,
  dairy: `whole milk|meadowfarm|129|90|f; semi-skimmed milk|own label|99|100|f; butter|meadowfarm|249|75|; plain yoghurt|meadowfarm|119|60|;
    fruit yoghurt|own label|89|70|f; hard cheese|meadowfarm|399|45|; sliced cheese|own label|229|65|f; fresh cheese|other|159|40|;
    cream|own label|109|35|w; goat cheese|other|349|12|u`,
  'plant drinks': `oat drink|brightoat|199|48|n; oat drink barista|brightoat|249|30|n; oat drink vanilla|brightoat|229|10|n; oat drink basic|own label|119|26|n;
    soy drink|other|179|20|; almond drink|other|239|18|o; rice drink|other|189|6|e; coconut drink|other|259|5|o; soy drink unsweetened|own label|129|14|;
    oat cooking cream|brightoat|149|15|n`,
  fruit: `bananas|other|179|100|kf; apples|own label|249|85|kwf; oranges|other|229|50|kw; strawberries|other|349|45|s; grapes|other|399|30|ks;
    pears|own label|269|25|kw; lemons|other|79|35|; melon|other|299|25|so; blueberries|other|299|28|s; mandarins|other|279|35|kwf`,
  vegetables: `tomatoes|other|299|80|ks; potatoes|own label|149|85|kw; carrots|own label|119|70|k; onions|own label|109|65|k; cucumber|other|99|60|s;
    lettuce|other|129|50|s; peppers|other|349|45|k; broccoli|other|189|35|w; mushrooms|other|199|35|; cabbage|own label|129|25|kwe`,
  'meat and fish': `chicken breast|other|1099|40|k; minced beef|own label|599|38|f; sausages|other|399|35|sf; cooked ham|own label|279|40|f; bacon|other|299|25|;
    salmon fillet|other|649|20|n; white fish|other|549|15|n; beef steak|other|1499|8|ks; smoked fish|other|449|12|nw; tofu|own label|229|14|`,
  frozen: `frozen peas|own label|149|35|f; frozen pizza|other|329|45|f; ice cream|own label|349|40|sf; frozen berries|own label|329|20|w; fish fingers|other|379|25|f;
    frozen spinach|own label|129|25|; frozen chips|other|249|30|f; vanilla ice cream|meadowfarm|449|14|s; frozen bread rolls|own label|219|15|;
    frozen vegetables|own label|219|22|`,
  cereals: `porridge oats|brightoat|189|32|nw; muesli|brightoat|349|22|; corn flakes|own label|229|25|f; granola|brightoat|399|18|; pasta|own label|99|75|f;
    rice|own label|199|45|; wheat flour|own label|89|40|w; oat bran|brightoat|229|8|n; couscous|other|189|15|o; lentils|other|229|18|w`,
  snacks: `chocolate bar|other|129|70|w; potato crisps|own label|149|55|f; biscuits|own label|119|60|f; salted nuts|other|279|30|; wine gums|other|159|35|f;
    oat biscuits|brightoat|239|16|n; rice cakes|other|169|18|; dried fruit|own label|249|18|; popcorn|other|199|15|f; dark chocolate|other|219|30|w`,
  'hot drinks': `black tea|harbourtea|249|35|w; green tea|harbourtea|279|20|; herbal tea|harbourtea|269|25|w; fruit tea|own label|159|20|wf; ground coffee|own label|549|50|;
    coffee beans|other|1099|25|; instant coffee|other|599|15|; rooibos tea|harbourtea|289|10|u; cocoa powder|other|329|15|wf; breakfast tea|harbourtea|329|22|w`,
  'cold drinks': `mineral water|own label|59|70|s; sparkling water|own label|69|65|s; orange juice|other|229|45|f; apple juice|own label|159|40|f; cola|other|149|45|sf;
    lemonade|own label|99|40|sf; iced tea|harbourtea|199|24|s; beer|other|119|45|so; white wine|other|599|15|o; tomato juice|other|189|8|`,
  household: `dish soap|own label|149|30|; washing powder|other|899|20|f; kitchen paper|own label|299|35|; toilet paper|own label|449|45|f; bin bags|own label|189|25|;
    shampoo|other|349|20|; toothpaste|other|249|28|; hand soap|own label|169|25|; sponges|own label|129|18|; candles|other|399|10|w`,
}

/** Ten goods in each of twelve categories. */
export const products: readonly Product[] = Object.entries(range)
  .flatMap(([category, lines]) => lines.split(';').map((line) => [category, ...line.trim().split('|')]))
  .map(([category = '', name = '', brand = '', cents, weight, traits = ''], index) => ({
    id: `P${String(index + 1).padStart(3, '0')}`,
    name,
    category,
    brand,
    cents: Number(cents),
    weight: Number(weight),
    traits,
  }))

/** How much a kind of household in a region wants each product in a season (0 winter, 1 between, 2 summer), for a drawing table. */
export function wishes(region: number, season: number, manyPeople: boolean): readonly number[] {
  return products.map(({ weight, traits }) => {
    const likes = (trait: string, factor: number) => (traits.includes(trait) ? factor : 1)
    const regional = likes(regionTraits[region] as string, 2.5)
    const seasonal =
      season === 0 ? likes('w', 1.8) * likes('s', 0.5) : season === 2 ? likes('s', 2) * likes('w', 0.6) : 1
    return weight * regional * seasonal * (manyPeople ? likes('f', 1.6) : 1)
  })
}
