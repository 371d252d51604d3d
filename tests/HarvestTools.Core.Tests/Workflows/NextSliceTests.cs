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
}
