using CsCheck;
using HarvestTools.Parquet.Writing;
using HarvestTools.Tables;

namespace HarvestTools.Tests.Parquet;

/// <summary>The distinct numbers of a column against a plain list of them.</summary>
public sealed class NumberDictionaryTests
{
    // Numbers that come in turn, and now and then another.
    private static readonly Gen<long[]> s_numbers = Gen.Select(Gen.Int[1, 9], Gen.Int[0, 40].Array[0, 300]).Select(static (turn, made) =>
        (long[])[.. made.Select((number, i) => number > 8 ? (long)(i % turn) - 2 : number * 1_000_000_007L)]);

    /// <summary>One is used for column after column, of which nothing is left.</summary>
    [Fact]
    public void Numbers_get_the_places_at_which_they_first_came() => s_numbers.Array[1, 4].Sample(static columns =>
    {
        var dictionary = new NumberDictionary();
        foreach (long[] numbers in columns)
        {
            int[] indices = new int[numbers.Length];
            Assert.True(dictionary.TryBuild(numbers, indices, FormatVersion.Current.Layout));
            List<long> known = [.. numbers.Distinct()];
            Assert.Equal(known, dictionary.Values.ToArray());
            Assert.Equal(numbers.Select(number => known.IndexOf(number)), indices);
        }
    });

    /// <summary>Most distinct numbers at the value at which it is decided, and in all.</summary>
    [Theory]
    [InlineData(5, 100, true)]
    [InlineData(6, 100, false)]
    [InlineData(6, 7, true)]
    [InlineData(5, 9, true)]
    [InlineData(5, 8, false)]
    public void A_dictionary_is_given_up_where_numbers_repeat_too_little(int among, int most, bool kept)
    {
        HarvestTools.Parquet.Writing.ParquetLayout layout = FormatVersion.Current.Layout with { DictionaryTrialValues = 8, DictionaryTrialEntriesMax = 5, DictionaryEntriesMax = most };
        long[] numbers = [.. Enumerable.Range(0, 8).Select(i => (long)Math.Min(i, among - 1)), 20, 21, 22, 23];
        if (most == 7)
        {
            // Too few for a decision.
            numbers = numbers[..7];
        }

        Assert.Equal(kept, new NumberDictionary().TryBuild(numbers, new int[numbers.Length], layout));
    }
}
