using HarvestTools.Parquet.Writing;

namespace HarvestTools.Tests.Parquet;

public sealed class ColumnArraysTests
{
    [Fact]
    public void A_block_that_was_given_back_is_given_again_and_only_to_one()
    {
        using var arrays = new ColumnArrays();
        ColumnArray<long> first = arrays.Rent<long>(131_072);
        Assert.True(first.Length >= 131_072);
        arrays.Return(first);
        Assert.Same(first.Block, arrays.Rent<long>(131_072).Block);
        Assert.NotSame(first.Block, arrays.Rent<long>(131_072).Block);
    }

    [Theory]
    [InlineData(300_000)]
    [InlineData(50_000)]
    public void One_that_is_too_small_or_much_too_large_is_not_given(int least)
    {
        using var arrays = new ColumnArrays();
        ColumnArray<int> there = arrays.Rent<int>(131_072);
        arrays.Return(there);
        ColumnArray<int> other = arrays.Rent<int>(least);
        Assert.NotSame(there.Block, other.Block);
        Assert.True(other.Length >= least);
    }

    [Fact]
    public void A_block_serves_values_of_any_size()
    {
        using var arrays = new ColumnArrays();
        ColumnArray<long> numbers = arrays.Rent<long>(1000);
        arrays.Return(numbers);
        ColumnArray<int> indices = arrays.Rent<int>(2000);
        Assert.Same(numbers.Block, indices.Block);
        Assert.Equal(2000, indices.Length);
        indices[1999] = 7;
        Assert.Equal(7, indices.AsSpan(1999)[0]);
        Assert.Throws<IndexOutOfRangeException>(() => indices[2000] = 1);
    }

    [Fact]
    public void What_nobody_has_is_freed_when_no_more_is_needed()
    {
        using var arrays = new ColumnArrays();
        ColumnArray<long> free = arrays.Rent<long>(1000);
        ColumnArray<long> used = arrays.Rent<long>(1000);
        arrays.Return(free);
        arrays.Trim();
        Assert.Equal((0, 1000), (free.Length, used.Length));
        arrays.Return(used);
        Assert.Same(used.Block, arrays.Rent<long>(1000).Block);
    }

    [Fact]
    public void What_is_given_back_after_the_end_is_freed()
    {
        var arrays = new ColumnArrays();
        ColumnArray<long> kept = arrays.Rent<long>(1000);
        arrays.Return(arrays.Rent<long>(5000));
        arrays.Dispose();
        Assert.Equal(1000, kept.Length);
        arrays.Return(kept);
        Assert.Equal(0, kept.Length);
    }

    [Fact]
    public void An_array_of_none_has_no_values_and_can_be_given_back()
    {
        using var arrays = new ColumnArrays();
        ColumnArray<byte> none = default;
        Assert.Equal(0, none.Length);
        Assert.True(none.Span.IsEmpty);
        arrays.Return(none);
    }

    [Fact]
    public void A_block_keeps_its_bytes_when_it_grows_and_has_none_once_it_is_freed()
    {
        var block = new NativeBlock(3);
        "abc"u8.CopyTo(block.Span);
        block.Resize(1_000_000);
        Assert.Equal("abc"u8, block.Span[..3]);
        block.Dispose();
        Assert.Equal(0, block.Length);
        Assert.True(block.Span.IsEmpty);
        block.Dispose();
    }
}
