using HarvestTools.Manifests;
using HarvestTools.Media;

namespace HarvestTools.Tests.Media;

public sealed class MediaRootsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("harvest-media-");

    private string Root => Path.Combine(_folder.FullName, "raw");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("/data/local-files/?d=", "/data/local-files/?d=task_01%2Fepisode%201%2Fa.jpg", "task_01/episode 1/a.jpg")]
    [InlineData("/data/local-files/?d=videos", "/data/local-files/?d=videos/a.mp4", "a.mp4")]
    [InlineData("/data/local-files/?d=", "/data/local-files/?d=videos%5Ca.mp4", "videos/a.mp4")]
    [InlineData("s3://bucket/videos/", "s3://bucket/videos/week 1/a%20b?.mp4", "week 1/a%20b?.mp4")]
    [InlineData("s3://bucket", "s3://bucket/a.mp4", "a.mp4")]
    [InlineData("gs://bucket/", "gs://bucket/a.mp4", "a.mp4")]
    [InlineData("azure-blob://container/", "azure-blob://container/x/a.mp4", "x/a.mp4")]
    [InlineData("s3://bucket/", "/tasks/5/resolve/?fileuri=czM6Ly9idWNrZXQvdmlkZW9zL2EubXA0", "videos/a.mp4")]
    [InlineData("/data/upload/", "/data/upload/4/cfaad94d-a.mp4", "4/cfaad94d-a.mp4")]
    [InlineData("/data/upload/", "/data/upload/4/cfaad94d-a.mp4", "cfaad94d-a.mp4")]
    [InlineData("/data/upload/", "/data/upload/4/cfaad94d-a.mp4", "a.mp4")]
    [InlineData("/mnt/videos", "/mnt/videos/a.mp4", "a.mp4")]
    [InlineData("/mnt/videos/", "/mnt/videos/a%20b.mp4", "a b.mp4")]
    [InlineData("/mnt/videos/", "/mnt/videos/50%.mp4", "50%.mp4")]
    [InlineData("https://host.example.org/raw/", "https://host.example.org/raw/x/a%2Bb.mp4?versionId=3", "x/a+b.mp4")]
    [InlineData("", "videos/a.mp4", "videos/a.mp4")]
    public void A_link_leads_to_the_file_below_its_root(string beginning, string link, string file)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && file.Contains('?', StringComparison.Ordinal), "No file of Windows has such a name.");
        Put(file);

        MediaPlace place = Roots((beginning, Root)).Find(link);

        Assert.True(place.Exists, place.Problem);
        Assert.Equal(Path.Combine(Root, file.Replace('/', Path.DirectorySeparatorChar)), place.Path);
    }

    [Theory]
    [InlineData("/data/local-files/?d=", "/data/local-files/?d=..%2Fsecret.txt")]
    [InlineData("/data/local-files/?d=", "/data/local-files/?d=a/../../secret.txt")]
    [InlineData("/data/local-files/?d=", "/data/local-files/?d=..%5Csecret.txt")]
    [InlineData("s3://bucket/", "s3://bucket/../secret.txt")]
    [InlineData("/data/local-files/?d=", "/data/local-files/?d=%00")]
    public void Nothing_outside_of_a_roots_folder_is_found(string beginning, string link)
    {
        Put("a/here.txt");
        File.WriteAllText(Path.Combine(_folder.FullName, "secret.txt"), "secret");

        MediaPlace place = Roots((beginning, Root)).Find(link);

        Assert.False(place.Exists);
        Assert.Null(place.Path);
        Assert.Equal("leads out of its root's folder", place.Problem);
    }

    [Fact]
    public void An_absolute_path_after_a_root_stays_below_it()
    {
        string secret = Path.Combine(_folder.FullName, "secret.txt");
        File.WriteAllText(secret, "secret");

        Assert.False(Roots(("/data/local-files/?d=", Root)).Find($"/data/local-files/?d={Uri.EscapeDataString(secret)}").Exists);
    }

    [Theory]
    [InlineData("s3://bucket/videos", "s3://bucket/videos-old/a.mp4")]
    [InlineData("/mnt/videos", "/mnt/videos2/a.mp4")]
    [InlineData("/mnt/videos/", "/mnt/videos/")]
    public void A_beginning_ends_where_a_folder_ends(string beginning, string link)
    {
        Put("a.mp4");
        Put("-old/a.mp4");
        Put("2/a.mp4");

        Assert.Equal("begins with none of the media roots", Roots((beginning, Root)).Find(link).Problem);
    }

    [Fact]
    public void The_longest_beginning_takes_a_link_also_where_its_folder_lacks_the_file()
    {
        string other = Path.Combine(_folder.FullName, "other");
        Put("sub/a.mp4");

        MediaPlace place = Roots(("s3://bucket/", Root), ("s3://bucket/sub/", other)).Find("s3://bucket/sub/a.mp4");

        Assert.False(place.Exists);
        Assert.Equal(Path.Combine(other, "a.mp4"), place.Path);
        Assert.Equal("is not there", place.Problem);
    }

    [Fact]
    public void Links_are_followed_within_the_folder_and_never_out_of_it()
    {
        Put("real/a.mp4");
        string outside = Path.Combine(_folder.FullName, "outside");
        Directory.CreateDirectory(outside);
        File.WriteAllText(Path.Combine(outside, "b.mp4"), "b");
        File.CreateSymbolicLink(Path.Combine(Root, "inside.mp4"), Path.Combine("real", "a.mp4"));
        File.CreateSymbolicLink(Path.Combine(Root, "file.mp4"), Path.Combine(outside, "b.mp4"));
        Directory.CreateSymbolicLink(Path.Combine(Root, "folder"), outside);
        MediaRoots roots = Roots(("s3://b/", Root));

        Assert.True(roots.Find("s3://b/inside.mp4").Exists);
        Assert.False(roots.Find("s3://b/file.mp4").Exists);
        Assert.StartsWith("is a link to", roots.Find("s3://b/file.mp4").Problem, StringComparison.Ordinal);
        Assert.False(roots.Find("s3://b/folder/b.mp4").Exists);
        Assert.Equal("is reached by a link that leads out of its root's folder", roots.Find("s3://b/folder/b.mp4").Problem);
    }

    [Theory]
    [InlineData("/data/local-files/?d=task_01%2Fa.jpg", "/data/local-files/?d=")]
    [InlineData("s3://bucket/videos/a.mp4", "s3://bucket/")]
    [InlineData("/tasks/5/resolve/?fileuri=czM6Ly9idWNrZXQvdmlkZW9zL2EubXA0", "s3://bucket/")]
    [InlineData("/data/upload/4/cfaad94d-a.mp4", "/data/upload/")]
    [InlineData("https://host.example.org/raw/a.mp4", "https://host.example.org/")]
    [InlineData("/mnt/videos/a.mp4", "/mnt/videos/")]
    [InlineData("a.mp4", "")]
    public void What_is_proposed_as_a_root_takes_the_link(string link, string beginning)
    {
        Assert.Equal(beginning, MediaLink.Beginning(link));
        Assert.NotNull(Roots((beginning, Root)).Find(link).Path);
    }

    [Fact]
    public void Every_beginning_that_has_no_root_is_named_with_its_line()
    {
        string[] beginnings = ["/data/local-files/?d=", "/data/upload/", "/mnt/a/", "/mnt/b/", "s3://a/", "s3://b/", "gs://a/", "https://host/"];

        HarvestException fault = MediaErrors.NoMediaRoots(beginnings);

        Assert.All(beginnings, beginning => Assert.Contains($"'{beginning}'", fault.Message, StringComparison.Ordinal));
        Assert.All(beginnings, beginning => Assert.Contains($"\"{beginning}\": \"media\"", $"{fault.Remedy}", StringComparison.Ordinal));
    }

    private static MediaRoots Roots(params (string Link, string Folder)[] roots) => new(roots.Select(static root => new MediaRoot(root.Link, root.Folder)));

    private void Put(string file)
    {
        string path = Path.Combine(Root, file.Replace('/', Path.DirectorySeparatorChar));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, file);
    }
}
