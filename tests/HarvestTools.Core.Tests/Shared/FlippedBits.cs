namespace HarvestTools.Tests.Shared;

/// <summary>Files in which one bit is not as it was written.</summary>
internal static class FlippedBits
{
    /// <summary>Calls a test with every bit of some bytes flipped, or with as many of them as are asked for, drawn by a seed.</summary>
    public static void Each(byte[] bytes, Action<byte[], int> test, int most = int.MaxValue, int seed = 20_261)
    {
        int[] bits = [.. Enumerable.Range(0, bytes.Length * 8)];
        if (bits.Length > most)
        {
            new Random(seed).Shuffle(bits);
            bits = bits[..most];
        }

        foreach (int bit in bits)
        {
            byte[] flipped = [.. bytes];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            test(flipped, bit);
        }
    }
}
