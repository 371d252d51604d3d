using System.Text;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Strings;

public sealed class EndFilterTests
{
    /// <summary>It may take two different texts for equal ones, and never two equal ones for different.</summary>
    [Fact]
    public void A_text_that_was_added_is_met_again()
    {
        var random = new Random(5);
        var ends = new ulong[EndFilter.Words];
        var met = new HashSet<string>();
        int mistaken = 0;
        for (int i = 0; i < 1000; i++)
        {
            string text = random.Next(5) == 0 ? new string('a', random.Next(12)) : $"{random.Next(3)}_{random.Next(500):x6}";
            bool isNew = EndFilter.TryAdd(ends, Encoding.UTF8.GetBytes(text));
            Assert.False(isNew && !met.Add(text));
            mistaken += !isNew && met.Add(text) ? 1 : 0;
        }

        // A filter that calls every text known would be right about all that are.
        Assert.InRange(mistaken, 0, 100);
    }
}
