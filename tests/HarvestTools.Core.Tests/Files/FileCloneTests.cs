using HarvestTools.Files;

namespace HarvestTools.Tests.Files;

public sealed class FileCloneTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("harvest-clone-");

    public FileCloneTests()
    {
        File.WriteAllText(Source, "bytes");
        FileAccessBits.MakeReadOnly(Source);
    }

    private string Source => Path.Combine(_folder.FullName, "source");

    private string Target => Path.Combine(_folder.FullName, "below", "target");

    public void Dispose()
    {
        foreach (string file in Directory.EnumerateFiles(_folder.FullName, "*", SearchOption.AllDirectories))
        {
            File.SetAttributes(file, FileAttributes.Normal);
        }

        _folder.Delete(recursive: true);
    }

    [Fact]
    public void A_link_is_a_second_name_of_the_same_file()
    {
        Assert.True(FileClone.TryLinkNew(Source, Target));

        Assert.Equal(FileStat.TryGet(Source), FileStat.TryGet(Target));
    }

    [Fact]
    public void A_file_system_without_links_gets_a_read_only_copy()
    {
        using IDisposable faults = FileFaults.Use(new NoLinks());

        Assert.True(FileClone.TryLinkNew(Source, Target));

        Assert.Equal("bytes", File.ReadAllText(Target));
        Assert.NotEqual(FileStat.TryGet(Source), FileStat.TryGet(Target));
        Assert.True(FileAccessBits.IsReadOnly(Target));
    }

    [Fact]
    public void A_name_that_is_taken_stays_as_it_is()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Target)!);
        File.WriteAllText(Target, "mine");

        Assert.False(FileClone.TryLinkNew(Source, Target));
        Assert.False(FileClone.TryCopyNew(Source, Target, static _ => { }));

        Assert.Equal("mine", File.ReadAllText(Target));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(Target)!));
    }

    [Fact]
    public void A_copy_that_is_not_what_it_should_be_leaves_nothing()
    {
        string? seen = null;

        Assert.Throws<InvalidOperationException>(() => FileClone.TryCopyNew(Source, Target, path =>
        {
            seen = File.ReadAllText(path);
            throw new InvalidOperationException();
        }));

        Assert.Equal("bytes", seen);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(Target)!));
    }

    private sealed class NoLinks : IFileFaults
    {
        public void Before(FileCall call, string path)
        {
            if (call == FileCall.Link)
            {
                throw new IOException("no links");
            }
        }
    }
}
