using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Samples;
using HarvestTools.Tests.Workflows;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Faults;

/// <summary>A fault in the moment in which a slice gets its name: the same command then makes the slice.</summary>
public sealed class UnfinishedSliceTests : IDisposable
{
    private readonly TemporaryRepository _team = new();

    public UnfinishedSliceTests()
    {
        _ = _team.Add("exports/a.json", ExportPlan.ForTasks(SampleKind.Body, 3), "a");
    }

    public void Dispose() => _team.Dispose();

    [Fact]
    public void A_folder_that_cannot_be_flushed_after_the_manifest_leaves_no_slice() => Fails("slice.json", FileCall.FlushFolder);

    [Fact]
    public void A_folder_that_cannot_be_flushed_after_the_definition_leaves_no_slice_and_no_definition() =>
        Fails("definition.json", FileCall.FlushFolder);

    [Fact]
    public void A_flush_that_is_refused_is_an_error_of_the_file_system() => Fails(null, FileCall.Flush);

    [Fact]
    public void A_folder_that_cannot_be_looked_into_is_an_error_of_the_file_system_and_no_slice() =>
        Fails(null, FileCall.OpenRead);

    [Fact]
    public void A_process_that_died_before_the_definition_was_there_is_gone_on_from()
    {
        SliceManifest made = _team.New("v1").Slice;
        byte[] written = File.ReadAllBytes(_team.PathOf("slices/v1/slice.json"));
        byte[] definition = File.ReadAllBytes(_team.PathOf("slices/v1/definition.json"));
        File.Delete(_team.PathOf("slices/v1/definition.json"));

        NewSliceResult again = _team.New("v1");
        Assert.Equal(made.CreatedAt, again.Slice.CreatedAt);
        Assert.Equal(written, File.ReadAllBytes(_team.PathOf("slices/v1/slice.json")));
        Assert.Equal(definition, File.ReadAllBytes(_team.PathOf("slices/v1/definition.json")));
        Assert.Equal("SliceExists", Assert.Throws<HarvestException>(() => _team.New("v1")).ErrorId);
    }

    [Fact]
    public void Another_slice_of_its_version_is_refused()
    {
        _team.New("v1");
        File.Delete(_team.PathOf("slices/v1/definition.json"));
        byte[] written = File.ReadAllBytes(_team.PathOf("slices/v1/slice.json"));
        var other = new NewSliceRequest("v1") { Reason = "another" };
        Assert.Equal("SliceExists", Assert.Throws<HarvestException>(() => _team.New(other)).ErrorId);
        Assert.Equal(written, File.ReadAllBytes(_team.PathOf("slices/v1/slice.json")));
        Assert.False(File.Exists(_team.PathOf("slices/v1/definition.json")));
    }

    private void Fails(string? afterName, FileCall call)
    {
        using (FileFaults.Use(new Refusal(_team.PathOf("slices/v1"), afterName, call)))
        {
            HarvestException error = Assert.Throws<HarvestException>(() => _team.New("v1"));
            Assert.Equal(HarvestFault.FileSystem, error.Fault);
        }

        Assert.Empty(_team.Repository.Slices.Versions());
        Assert.False(File.Exists(_team.PathOf("slices/v1/definition.json")));
        Assert.Equal("v1", _team.New("v1").Slice.Version);
    }

    /// <summary>Refuses calls in a folder once a name is there.</summary>
    private sealed class Refusal(string folder, string? afterName, FileCall refused) : IFileFaults
    {
        public void Before(FileCall call, string path)
        {
            if (call == refused && (call != FileCall.OpenRead || path == folder) && (afterName is null || (path == folder && File.Exists(Path.Combine(folder, afterName)))))
            {
                throw new UnauthorizedAccessException($"Access to the path '{path}' is denied.");
            }
        }
    }
}
