using HarvestTools.Parquet.Writing;

namespace HarvestTools.Tests.Parquet;

public sealed class ColumnArraysTests
{
    [Fact]
    public void An_array_that_was_given_back_is_given_again_and_only_to_one()
    {
        var arrays = new ColumnArrays();
        long[] first = arrays.Rent<long>(131_072);
        Assert.True(first.Length >= 131_072);
        arrays.Return(first);
        Assert.Same(first, arrays.Rent<long>(131_072));
        Assert.NotSame(first, arrays.Rent<long>(131_072));
    }

    [Theory]
    [InlineData(300_000)]
    [InlineData(50_000)]
    public void One_that_is_too_small_or_much_too_large_is_not_given(int least)
    {
        var arrays = new ColumnArrays();
        int[] there = arrays.Rent<int>(131_072);
        arrays.Return(there);
        int[] other = arrays.Rent<int>(least);
        Assert.NotSame(there, other);
        Assert.True(other.Length >= least);
    }

    [Fact]
    public void Values_of_another_size_have_arrays_of_their_own()
    {
        var arrays = new ColumnArrays();
        arrays.Return(arrays.Rent<long>(131_072));
        Assert.True(arrays.Rent<byte>(200_000).Length >= 200_000);
        Assert.True(arrays.Rent<int>(131_072).Length >= 131_072);
    }
}
