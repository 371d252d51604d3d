namespace HarvestTools.Samples;

/// <summary>
/// xoshiro256** (Blackman and Vigna), seeded through splitmix64. Integer arithmetic and correctly rounded
/// operations only, so that the numbers are the same on every machine and in every release of the runtime,
/// which <see cref="Random"/> does not promise.
/// </summary>
internal struct SampleRandom
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    /// <summary>A stream of its own for each combination of seed and place.</summary>
    public SampleRandom(ulong seed, ulong scope, ulong index, SampleStream stream)
    {
        ulong state = Mix(Mix(Mix(Mix(seed) ^ scope) ^ index) ^ (ulong)stream);
        _a = Split(ref state);
        _b = Split(ref state);
        _c = Split(ref state);
        _d = Split(ref state);
    }

    /// <summary>The generator in a given state, as published test vectors start it.</summary>
    public SampleRandom(ulong a, ulong b, ulong c, ulong d) => (_a, _b, _c, _d) = (a, b, c, d);

    public ulong Next()
    {
        ulong result = ulong.RotateLeft(_b * 5, 7) * 9;
        ulong shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = ulong.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>From 0 to below <paramref name="limit"/>; the bias of 2⁻³² × limit does not matter here.</summary>
    public int Below(int limit) => (int)(((Next() >> 32) * (ulong)limit) >> 32);

    /// <summary>From 0 to below 1, 53 random bits.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    public double Between(double low, double high) => low + ((high - low) * Unit());

    public bool Chance(double share) => Unit() < share;

    /// <summary>
    /// Bell-shaped about 0, never beyond ±2 <paramref name="scale"/>: four uniform numbers summed, since logarithm
    /// and cosine are not rounded alike everywhere.
    /// </summary>
    public double Bell(double scale) => (Unit() + Unit() + Unit() + Unit() - 2.0) * scale;

    /// <summary>60 bits, which make the ten characters of a region id; never 0.</summary>
    public ulong RegionId() => (Next() >> 4) | 1;

    /// <summary>splitmix64's finisher on the next state: a well-mixed function of its argument.</summary>
    public static ulong Mix(ulong value) => Split(ref value);

    private static ulong Split(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15UL;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}

/// <summary>
/// Each concern draws from a stream of its own, so that another share of drafts, say, leaves the labels as they are.
/// </summary>
internal enum SampleStream
{
    Episode = 1,
    Shares,
    Scene,
    Prediction,
    FirstAnnotation,
    SecondAnnotation,
    Draft,
    Shell,
    Comments,
    Order,
    Relabelling,
}
