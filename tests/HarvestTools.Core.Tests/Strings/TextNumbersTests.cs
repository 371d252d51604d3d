using System.Text;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Strings;

public sealed class TextNumbersTests
{
    [Fact]
    public void Equal_texts_have_one_number_and_ranks_are_their_order()
    {
        var numbers = new TextNumbers();
        var random = new Random(7);
        string?[] some = [null, "", "\0", "a", "a\0", "ab", "é", "z", .. Enumerable.Range(0, 30).Select(static i => $"label {i}")];
        var of = new Dictionary<string, int>();
        for (int i = 0; i < 2000; i++)
        {
            // In turn mostly, and now and then another one than the one that came next before.
            string? text = some[random.Next(4) == 0 ? random.Next(some.Length) : i % some.Length];
            int number = numbers.Of(Utf8Text.From(text));
            Assert.Equal(of.TryGetValue(text ?? "absent", out int known) ? known : of.Count, number);
            of[text ?? "absent"] = number;
            if (i % 50 == 0)
            {
                string[] inOrder = [.. of.Keys.OrderBy(static key => key == "absent" ? [] : (byte[])[1, .. Encoding.UTF8.GetBytes(key)], Comparer<byte[]>.Create(static (a, b) => a.AsSpan().SequenceCompareTo(b)))];
                Assert.Equal(Enumerable.Range(0, of.Count), inOrder.Select(key => numbers.Ranks()[of[key]]));
            }
        }

        Assert.Equal(some.Length, numbers.Count);
    }

    /// <summary>The buffer of a task is filled anew for the next one.</summary>
    [Fact]
    public void A_text_is_known_though_the_bytes_it_was_found_in_have_changed()
    {
        var numbers = new TextNumbers();
        byte[] buffer = "left"u8.ToArray();
        Assert.Equal(0, numbers.Of(new Utf8Text(buffer, 0, 4)));
        "lift"u8.CopyTo(buffer);
        Assert.Equal(1, numbers.Of(new Utf8Text(buffer, 0, 4)));
        Assert.Equal(0, numbers.Of(Utf8Text.From("left")));
    }

    [Fact]
    public void What_is_kept_from_task_to_task_has_an_end()
    {
        var numbers = new TextNumbers();
        for (int task = 0; task < 100; task++)
        {
            numbers.Begin();
            for (int i = 0; i < 100; i++)
            {
                int number = numbers.Of(Utf8Text.From($"{task}/{i}"));
                Assert.Equal(number, numbers.Of(Utf8Text.From($"{task}/{i}")));
            }

            Assert.InRange(numbers.Count, 100, 700);
            Assert.Equal(numbers.Count, numbers.Ranks().Distinct().Count());
        }
    }
}
