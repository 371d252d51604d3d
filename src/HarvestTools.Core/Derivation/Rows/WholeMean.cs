namespace HarvestTools.Derivation.Rows;

/// <summary>The mean of as many whole numbers as are said at the start, rounded to a whole one, halves up.</summary>
internal struct WholeMean(int count)
{
    private long _quotients;
    private long _remainders;

    public void Add(long number)
    {
        // Each number's share, since the sum of the numbers may be none. The remainder is that of a division rounded down.
        (long quotient, long remainder) = Math.DivRem(number, count);
        _quotients += remainder < 0 ? quotient - 1 : quotient;
        _remainders += remainder < 0 ? remainder + count : remainder;
    }

    public readonly long Rounded => _quotients + (((2 * _remainders) + count) / (2L * count));
}
