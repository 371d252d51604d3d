using HarvestTools.Samples;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>Slices that take the next free version, also several at once.</summary>
public sealed class NextSliceTests : IDisposable
{
    private readonly TemporaryRepository _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Of_several_at_once_each_takes_a_version_of_its_own()
    {
        _temporary.Add("a.json", ExportPlan.ForTasks(SampleKind.Actions, 3), "a");
        _temporary.New(new NewSliceRequest { NoBuild = true });
        Assert.Equal("v2", NewSlice.Check(_temporary.Repository, new NewSliceRequest()));

        string[] made = new string[6];
        Parallel.For(0, made.Length, i => made[i] = NewSlice.Run(
            _temporary.Repository, new NewSliceRequest { NoBuild = true, Parent = "v1" }, _temporary.Context).Slice.Version);

        Assert.Equal(["v2", "v3", "v4", "v5", "v6", "v7"], made.Order(StringComparer.Ordinal));
        Assert.Equal(["v1", "v2", "v3", "v4", "v5", "v6", "v7"], _temporary.Repository.Slices.Versions());
    }

    [Fact]
    public void What_fails_on_the_way_leaves_no_slice_and_is_made_when_it_is_asked_for_again()
    {
        _temporary.Add("a.json", ExportPlan.ForTasks(SampleKind.Actions, 3), "a");
        _temporary.New(new NewSliceRequest("v1"));

        // Neither a folder in the place of the definition nor one in that of a table can be replaced by a file.
        Directory.CreateDirectory(_temporary.PathOf("slices/v2/definition.json/in"));
        Assert.Throws<HarvestException>(() => _temporary.New(new NewSliceRequest("v2")));
        Assert.False(File.Exists(_temporary.PathOf("slices/v2/slice.json")));
        Directory.Delete(_temporary.PathOf("slices/v2/definition.json"), recursive: true);

        string table = Directory.GetFiles(_temporary.PathOf(".harvest/cache"), "a-*.parquet", SearchOption.AllDirectories)[0];
        File.SetAttributes(table, FileAttributes.Normal);
        File.Delete(table);
        Directory.CreateDirectory(Path.Combine(table, "in"));
        Assert.Throws<HarvestException>(() => _temporary.New(new NewSliceRequest("v2")));
        Assert.False(File.Exists(_temporary.PathOf("slices/v2/slice.json")));
        Directory.Delete(table, recursive: true);

        Assert.Equal("v2", _temporary.New(new NewSliceRequest("v2")).Built!.Version);
        Assert.True(File.Exists(_temporary.PathOf("slices/v2/definition.json")));
        using var check = new CheckSlice(_temporary.Repository, _temporary.Context);
        Assert.Empty(check.Run(_temporary.Repository.Slices.Load("v2"), quick: false).Findings);
    }
}
