using System.Numerics;

namespace HarvestTools.Decisions.Statistics;

/// <summary>
/// SplitMix64 (Steele, Lea and Flood 2014): integer arithmetic only, so the same seed gives the same draws on every
/// machine and in every model version of the runtime, which System.Random does not promise.
/// </summary>
internal struct SplitMix(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong mixed = _state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>Uniform on [0, 1) with 53 bits.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>
    /// A draw from the binomial distribution with probability <paramref name="numerator"/> / <paramref name="denominator"/>.
    /// Every trial compares a uniform number with the probability bit by bit; all trials still undecided after a bit
    /// share one population count, so a draw costs about 2n/64 random words, and it is exact: no floating point.
    /// </summary>
    public int Binomial(int trials, int numerator, int denominator)
    {
        if (numerator >= denominator)
        {
            return trials;
        }

        int successes = 0;
        int undecided = trials;
        long remainder = numerator;
        while (undecided > 0 && remainder > 0)
        {
            remainder *= 2;
            bool bit = remainder >= denominator;
            int ones = CountOnes(undecided);
            if (bit)
            {
                // The uniform number has 0 where the probability has 1: it is smaller, whatever follows.
                remainder -= denominator;
                successes += undecided - ones;
                undecided = ones;
            }
            else
            {
                undecided -= ones;
            }
        }

        return successes;
    }

    /// <summary>How many of so many fair coins show heads.</summary>
    private int CountOnes(int coins)
    {
        int ones = 0;
        for (; coins >= 64; coins -= 64)
        {
            ones += BitOperations.PopCount(Next());
        }

        return coins == 0 ? ones : ones + BitOperations.PopCount(Next() >> (64 - coins));
    }
}
