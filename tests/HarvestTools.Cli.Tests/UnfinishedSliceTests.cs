using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>A slice whose process died before its definition was beside it: the same command goes on from it, another is refused.</summary>
public sealed class UnfinishedSliceTests
{
    [Fact]
    public void The_same_command_finishes_it_and_a_third_time_it_exists()
    {
        using ScratchFolder scratch = Unfinished(out byte[] written, out byte[] definition);
        scratch.Run("new", "v2", "--reason", "second", "-q").Exits(0);
        Assert.Equal(written, File.ReadAllBytes(scratch["slices/v2/slice.json"]));
        Assert.Equal(definition, File.ReadAllBytes(scratch["slices/v2/definition.json"]));
        scratch.Run("check", "-q").Exits(0);

        Assert.Equal(["SliceExists"], scratch.Run("new", "v2", "--reason", "second", "--json").Exits(2).ErrorIds());
    }

    [Fact]
    public void Another_slice_of_the_version_is_refused_and_changes_nothing()
    {
        using ScratchFolder scratch = Unfinished(out byte[] written, out _);
        Assert.Equal(["SliceExists"], scratch.Run("new", "v2", "--reason", "other", "--json").Exits(2).ErrorIds());
        Assert.Equal(written, File.ReadAllBytes(scratch["slices/v2/slice.json"]));
        Assert.False(File.Exists(scratch["slices/v2/definition.json"]));
    }

    private static ScratchFolder Unfinished(out byte[] written, out byte[] definition)
    {
        ScratchFolder scratch = new ScratchFolder().WithSlice();
        scratch.Run("new", "v2", "--reason", "second", "-q").Exits(0);
        written = File.ReadAllBytes(scratch["slices/v2/slice.json"]);
        definition = File.ReadAllBytes(scratch["slices/v2/definition.json"]);
        File.Delete(scratch["slices/v2/definition.json"]);
        return scratch;
    }
}
