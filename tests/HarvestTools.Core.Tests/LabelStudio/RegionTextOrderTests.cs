using System.Text;
using CsCheck;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Labels;

namespace HarvestTools.Tests.LabelStudio;

public sealed class RegionTextOrderTests
{
    private static readonly Gen<string> s_piece = Gen.Frequency(
        (6, Gen.Int[0, 3].Select(static i => new string('x', i * 5))),
        (3, Gen.Int[0, 2].Select(static i => "abc"[i].ToString())),
        (1, Gen.Int[0, 2].Select(static i => "é\U0001F600\u007f"[i..(i + 1)])));

    [Fact]
    public void Texts_are_in_the_order_of_their_bytes() => s_piece.Array[0, 40].Select(static pieces => string.Concat(pieces)).Array[0, 60].Sample(
        static texts => AssertSorted(texts),
        iter: 3000);

    [Fact]
    public void Texts_that_have_ever_more_in_common()
    {
        // Each begins like the next one and differs eight bytes later: one level of numbers for each would be a deep recursion.
        string[] texts = [.. Enumerable.Range(0, 2000).Select(static i => new string('a', 8 * i) + "b")];

        AssertSorted(texts);
        AssertSorted([.. texts.Reverse(), .. texts]);
    }

    private static void AssertSorted(string[] texts)
    {
        var buffer = new ByteWriter();
        var order = new RegionTextOrder();
        foreach (string text in texts)
        {
            int start = buffer.Length;
            buffer.Add(Encoding.UTF8.GetBytes(text));
            order.Add(start, buffer.Length - start);
        }

        var sorted = new List<string>();
        foreach (int place in order.Sort(buffer))
        {
            sorted.Add(Convert.ToHexString(order.Text(buffer, place)));
        }

        Assert.Equal(texts.Select(static text => Convert.ToHexString(Encoding.UTF8.GetBytes(text))).Order(StringComparer.Ordinal), sorted);
    }
}
