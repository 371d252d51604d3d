using HarvestTools.Dvc;

namespace HarvestTools.Tests.Dvc;

/// <summary>The MD5s are those of Python's hashlib.</summary>
public sealed class DvcHashTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("task_id\n1\n2\n", false, "b1c4ae8a5fedf94150255af921ca1a40")]
    [InlineData("task_id\n1\n2\n", true, "b1c4ae8a5fedf94150255af921ca1a40")]
    [InlineData("task_id\r\n1\r\n2\r\n", false, "ad9e1267790af6400fb6143730ae927b")]
    [InlineData("task_id\r\n1\r\n2\r\n", true, "b1c4ae8a5fedf94150255af921ca1a40")]
    [InlineData("", true, "d41d8cd98f00b204e9800998ecf8427e")]
    public void Text_is_hashed_as_it_is_by_DVC_3_and_without_returns_by_DVC_2(string text, bool ofText, string md5)
    {
        File.WriteAllText(_file, text);
        Assert.Equal(md5, DvcHash.OfFile(_file, ofText, default));
    }

    [Fact]
    public void What_is_no_text_keeps_its_line_ends()
    {
        File.WriteAllBytes(_file, [.. Enumerable.Range(0, 256).Select(static value => (byte)value), (byte)'\r', (byte)'\n']);
        Assert.Equal("08c2362b1746311758b612cbf6ed21f5", DvcHash.OfFile(_file, ofText: true, default));
    }

    [Fact]
    public void A_line_end_between_two_megabytes_stays_as_DVC_leaves_it()
    {
        File.WriteAllText(_file, new string('x', (1024 * 1024) - 1) + "\r\ny\r\n");
        Assert.Equal("e1825541a28894307881fc219afcc49f", DvcHash.OfFile(_file, ofText: true, default));
    }

    [Fact]
    public void A_folder_is_the_list_of_its_files_in_order_with_escapes() => Assert.Equal(
        "edcfa5ea8ff696823e8b586eaf8eac09",
        DvcHash.OfFolder([("sub/é.csv", "38177d8bb0bf23b625bacd612540411f"), ("a.csv", "e4f091c6cdb66907c6fa318d8fa27299")]));
}
