using HarvestTools.Derivation;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Derivation;

public sealed class DigestSetTests
{
    /// <summary>Against a dictionary, with digests of which many share a place and some their lower or upper half.</summary>
    [Theory]
    [InlineData(1, 40)]
    [InlineData(2, 3000)]
    public void Marks_are_new_once_in_each_round(int seed, int digests)
    {
        var random = new Random(seed);
        var set = new DigestSet();
        for (int round = 0; round < 50; round++)
        {
            set.Clear();
            var known = new Dictionary<Digest128, byte>();
            for (int i = 0; i < random.Next(digests); i++)
            {
                var digest = new Digest128((ulong)random.Next(3), (ulong)random.Next(50) * 1024 * (ulong)(1 + (seed * random.Next(40))));
                byte marks = (byte)random.Next(1, 4);
                byte before = known.GetValueOrDefault(digest);
                Assert.Equal((byte)(marks & ~before), set.Add(digest, marks));
                known[digest] = (byte)(before | marks);
            }
        }
    }
}
