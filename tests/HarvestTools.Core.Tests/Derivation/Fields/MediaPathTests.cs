using System.Text;
using HarvestTools.Derivation.Fields;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Derivation.Fields;

/// <summary>What the path of an image or a video says, in each form in which Label Studio writes links.</summary>
public sealed class MediaPathTests
{
    [Theory]
    [InlineData("/data/task_01/episode_07/frame_000123.jpg", "task_01/episode_07 123")]
    [InlineData("t/e/12x.png", "t/e none")]
    [InlineData("t/e/9223372036854775807.png", "t/e 9223372036854775807")]
    [InlineData("t/e/9223372036854775808.png", "t/e none")]
    [InlineData("t/e/7", "t/e 7")]
    [InlineData("t/e/7.tar.gz", "t/e none")]
    [InlineData("t/e/.7", "t/e 7")]
    [InlineData("./t/../e/7.jpg", "t/e 7")]
    [InlineData("t//e/7.jpg", "t/e 7")]
    [InlineData(@"C:\e\7.jpg", "/e 7")]
    [InlineData("7.jpg", "/7? 7")]
    [InlineData("./7.jpg", "/7? 7")]
    [InlineData("../7.jpg", "/7? 7")]
    [InlineData("?d=t/e/7.jpg", "t/e 7")]
    [InlineData("://h/7.jpg", "/7? 7")]
    [InlineData("", "/? none")]
    [InlineData("https://host", "/? none")]
    [InlineData("https://host?x=a/b/7.jpg", "/? none")]
    [InlineData("https://host/t/e/7.jpg?x=1", "t/e 7")]
    [InlineData("https://host/t/a%20b/7.jpg", "t/a b 7")]
    [InlineData("s3://bucket/t/e/7.jpg", "t/e 7")]
    [InlineData("t/e/clip.MP4", "e/clip video")]
    [InlineData("clip.mp4", "/clip video")]
    [InlineData("/data/local-files/?d=t/e/7.jpg", "t/e 7")]
    [InlineData("/data/local-files/?id=3&d=t/e/7.jpg", "t/e 7")]
    [InlineData("/data/local-files/?filepath=a/b/8.jpg&d=t/e/7.jpg", "t/e 7")]
    [InlineData("/storage-data/uploaded/?filepath=upload/4/cfaad94d-a_9.jpg", "/a_9? 9")]
    [InlineData("/data/upload/4/cfaad94d-a_9.jpg", "/a_9? 9")]
    [InlineData("/data/upload/cfaad94d-a_9.jpg", "/a_9? 9")]
    [InlineData("/data/upload/4/CFAAD94D-9.jpg", "/CFAAD94D-9? 9")]
    [InlineData("/data/upload/4/cfaad94d_9.jpg", "/cfaad94d_9? 9")]
    [InlineData("/data/upload/4/cfaad94d-", "/cfaad94d-? none")]
    [InlineData("/data/upload/4/cfaad94d-9", "/9? 9")]
    [InlineData("/data/upload/4x/cfaad94d-9.jpg", "upload/4x 9")]
    [InlineData("/data/uploads/4/cfaad94d-9.jpg", "uploads/4 9")]
    public void Keys_are_read_from_the_end_of_the_path(string link, string expected) => Assert.Equal(expected, Read(link));

    /// <summary>In a storage's own link a percent sign and a question mark are themselves; a web address is taken apart as ever.</summary>
    [Theory]
    [InlineData("s3://bucket/t/e/7.jpg", "t/e 7")]
    [InlineData("s3://bucket/t/a%20b?c/7.jpg", "t/a%20b?c 7")]
    [InlineData("gs://bucket/é/ÿ>>>?/7.jpg", "é/ÿ>>>? 7")]
    [InlineData("s3://bucket", "/? none")]
    [InlineData("://bucket/t/a%20b/7.jpg", "t/a%20b 7")]
    [InlineData("https://host/t/a%20b/7.jpg?x=1", "t/a b 7")]
    [InlineData("HTTP://host/t/a%20b/7.jpg", "t/a b 7")]
    [InlineData("t/a%20b/7.jpg", "t/a b 7")]
    public void A_resolve_link_has_the_storages_own(string stored, string expected)
    {
        string standard = Convert.ToBase64String(Encoding.UTF8.GetBytes(stored));
        Assert.Equal(expected, Read($"/tasks/5/resolve/?fileuri={Uri.EscapeDataString(standard)}"));
        Assert.Equal(expected, Read($"/tasks/5/resolve/?x=1&fileuri={standard.TrimEnd('=').Replace('+', '-').Replace('/', '_')}"));
        Assert.Equal("/? none", Read("/tasks/5/resolve/?fileuri=***"));
        Assert.Equal("/? none", Read("/tasks/5/resolve/?fileuri=_w"));
    }

    [Fact]
    public void Each_link_is_read_anew()
    {
        var arena = new TextArena();
        var path = new MediaPath();
        path.Read("t/e/clip.mp4");
        Assert.True(path.IsVideo);
        path.Read(null);
        Assert.Equal((false, "", ""), (path.IsVideo, path.TaskSubdir(arena).ToString(), path.Episode(arena, out bool found).ToString()));
        Assert.False(found);
        Assert.False(path.TryGetFrame(out _));
    }

    [Theory]
    [InlineData("y.jpg", true, true, false)]
    [InlineData("Y.JPEG", true, true, false)]
    [InlineData("y.m3u8", true, true, false)]
    [InlineData("y", false, false, false)]
    [InlineData("y.txt", false, false, false)]
    [InlineData("/x/y", false, true, true)]
    [InlineData("/x/y.txt", false, false, true)]
    [InlineData("/x/y.longer", false, true, true)]
    [InlineData("/x/y.longe", false, false, true)]
    [InlineData("/x.d/y", false, true, true)]
    [InlineData(@"x.jpg\y", false, false, false)]
    [InlineData("/a\nb", false, false, false)]
    [InlineData("https://host/x", false, true, true)]
    [InlineData("https://host/x.jpg", true, true, true)]
    [InlineData("https://host.jpg", false, true, true)]
    [InlineData("https://host/x.jpg?token=1.2", true, true, true)]
    [InlineData("https://host/x%2Ejpg", true, true, true)]
    [InlineData("https://host/x?y=a.jpg", false, true, true)]
    [InlineData("two words://x", false, false, false)]
    [InlineData("://x", false, false, false)]
    [InlineData("://x.png", false, false, false)]
    [InlineData("x://y.png/", false, true, true)]
    public void What_may_be_a_medium_has_an_extension_or_is_a_link_without_one(string text, bool ends, bool may, bool link) =>
        Assert.Equal((ends, may, link), (MediaPath.EndsLikeMedia(text), MediaPath.MayBeMedia(text), MediaPath.IsLink(text)));

    [Fact]
    public void Each_format_of_images_and_videos_is_known_by_its_extension()
    {
        string[] videos = [".mp4", ".mov", ".avi", ".mkv", ".webm", ".m4v", ".mpg", ".mpeg", ".wmv", ".flv", ".ogv", ".m3u8"];
        string[] images = [".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".svg", ".avif", ".heic", ".jp2", ".jfif"];
        Assert.All(videos, static extension => Assert.Equal("e/clip video", Read($"t/e/clip{extension}")));
        Assert.All(images, static extension => Assert.Equal((true, true), (MediaPath.IsImage($"a{extension}"), MediaPath.EndsLikeMedia($"a{extension}"))));
        Assert.All(images, static extension => Assert.Equal("t/e 7", Read($"t/e/7{extension}")));
    }

    [Theory]
    [InlineData("a.JPG", true)]
    [InlineData("a.mp4", false)]
    [InlineData("jpg", false)]
    public void An_image_has_an_images_extension(string name, bool image) => Assert.Equal(image, MediaPath.IsImage(name));

    /// <summary>Folder, episode and frame; an episode that is no folder's and no video's name has a question mark.</summary>
    private static string Read(string link)
    {
        var arena = new TextArena();
        var path = new MediaPath();
        path.Read(link);
        string episode = path.Episode(arena, out bool found).ToString();
        string frame = path.IsVideo ? "video" : path.TryGetFrame(out long number) ? number.ToString(System.Globalization.CultureInfo.InvariantCulture) : "none";
        return $"{path.TaskSubdir(arena)}/{episode}{(found ? "" : "?")} {frame}";
    }
}
