using HarvestTools.Derivation.Tallies;
using HarvestTools.Drift;
using static HarvestTools.Tests.Derivation.Kinds.ExportText;

namespace HarvestTools.Tests.Derivation.Kinds;

/// <summary>Links that a store signs anew at each export are one link; everything else in a link counts.</summary>
public sealed class LinkKindTests
{
    private const string Place = "https://store.example.com/task_01/episode_07/frame_0012.jpg";

    /// <summary>A week's query and the next one's, and what is left of both.</summary>
    public static TheoryData<string, string, string> Renewed { get; } = new()
    {
        {
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AK%2F20260105%2Feu%2Fs3%2Faws4_request&X-Amz-Date=20260105T100000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Security-Token=aa&X-Amz-Signature=11",
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AK%2F20260112%2Feu%2Fs3%2Faws4_request&X-Amz-Date=20260112T100000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Security-Token=bb&X-Amz-Signature=22",
            ""
        },
        { "AWSAccessKeyId=AK&Signature=aa%3D&Expires=1767607200", "Signature=bb%2B&Expires=1768212000&AWSAccessKeyId=AL&x-amz-security-token=t", "" },
        { "versionId=3&AWSAccessKeyId=AK&Signature=aa&Expires=1", "versionId=3&AWSAccessKeyId=AK&Signature=bb&Expires=2", "?versionId=3" },
        { "GoogleAccessId=a@b.iam&Expires=1767607200&Signature=aa", "GoogleAccessId=a@b.iam&Expires=1768212000&Signature=bb", "" },
        {
            "generation=17&X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Credential=c1&X-Goog-Date=20260105T100000Z&X-Goog-Expires=900&X-Goog-SignedHeaders=host&X-Goog-Signature=aa",
            "generation=17&X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Credential=c2&X-Goog-Date=20260112T100000Z&X-Goog-Expires=900&X-Goog-SignedHeaders=host&X-Goog-Signature=bb",
            "?generation=17"
        },
        {
            "snapshot=2026-01-01&sv=2024-11-04&st=2026-01-05T10%3A00Z&se=2026-01-05T11%3A00Z&sr=b&sp=r&sig=aa%3D",
            "snapshot=2026-01-01&sv=2025-01-05&st=2026-01-12T10%3A00Z&se=2026-01-12T11%3A00Z&sr=b&sp=r&sig=bb%3D",
            "?snapshot=2026-01-01"
        },
        { "sv=2024-11-04&ss=b&srt=sco&sp=rl&se=2026-01-05&spr=https&sig=aa", "sv=2024-11-04&ss=b&srt=sco&sp=rl&se=2026-01-12&spr=https&sig=bb", "" },
        { "sv=1&skoid=a&sktid=b&skt=c&ske=d&sks=b&skv=e&sr=b&sp=r&sig=aa", "sv=1&skoid=a&sktid=b&skt=f&ske=g&sks=b&skv=e&sr=b&sp=r&sig=bb", "" },
        { "Expires=1767607200&Signature=aa~&Key-Pair-Id=K1", "Expires=1768212000&Signature=bb~&Key-Pair-Id=K1", "" },
        { "size=large&Policy=eyJ_1&Signature=aa&Key-Pair-Id=K1", "size=large&Policy=eyJ_2&Signature=bb&Key-Pair-Id=K2", "?size=large" },
        { "OSSAccessKeyId=L1&Expires=1767607200&Signature=aa&security-token=t", "OSSAccessKeyId=L2&Expires=1768212000&Signature=bb&security-token=u", "" },
        {
            "x-oss-process=image%2Fresize&x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-credential=c&x-oss-date=20260105T100000Z&x-oss-expires=60&x-oss-signature=aa",
            "x-oss-process=image%2Fresize&x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-credential=d&x-oss-date=20260112T100000Z&x-oss-expires=60&x-oss-signature=bb",
            "?x-oss-process=image%2Fresize"
        },
        {
            "q-sign-algorithm=sha1&q-ak=AK&q-sign-time=1%3B2&q-key-time=1%3B2&q-header-list=host&q-url-param-list=&q-signature=aa",
            "q-sign-algorithm=sha1&q-ak=AK&q-sign-time=3%3B4&q-key-time=3%3B4&q-header-list=host&q-url-param-list=&q-signature=bb",
            ""
        },
    };

    [Theory]
    [MemberData(nameof(Renewed))]
    public void A_renewed_link_changes_no_label_and_no_byte(string first, string second, string left)
    {
        string With(string query) => One($$"""{"image":"{{Place}}?{{query}}#top"}""", Box("a", "img"));
        using KindSlice one = KindSlice.Of(With(first));
        using KindSlice other = KindSlice.Of(With(second).Replace("/", "\\/", StringComparison.Ordinal));

        Assert.Equal(one.Added.LabelSha256, other.Added.LabelSha256);
        Assert.NotEqual(one.Added.Sha256, other.Added.Sha256);
        Assert.Equal(one.ReadAll("boxes"), other.ReadAll("boxes"));
        Assert.Equal(one.Hashes(), other.Hashes());
        Assert.Equal([$"{Place}{left}#top task_01 episode_07 12"], one.Read("boxes", "media", "task_subdir", "episode", "frame"));

        DriftReport report = one.CheckWith(With(second));
        Assert.Equal(DriftStatus.Clean, report.Status);
        Assert.All(report.Findings, static finding => Assert.NotEqual(DriftSeverity.Error, finding.Severity));
    }

    [Theory]
    [InlineData("d=1/a.jpg", "d=1/b.jpg")]
    [InlineData("id=1", "id=2")]
    [InlineData("versionId=1", "versionId=2")]
    [InlineData("generation=1", "generation=2")]
    [InlineData("snapshot=1", "snapshot=2")]
    [InlineData("signature=1", "signature=2")]
    [InlineData("sig=1", "sig=2")]
    [InlineData("Expires=1", "Expires=2")]
    [InlineData("se=1&sp=r", "se=2&sp=r")]
    [InlineData("X-Amz-Date=1&X-Amz-Expires=60", "X-Amz-Date=2&X-Amz-Expires=60")]
    [InlineData("X-Amz-Date=1&X-Amz-Signature=a&versionId=1", "X-Amz-Date=1&X-Amz-Signature=a&versionId=2")]
    [InlineData("sv=1&sig=a&snapshot=1", "sv=1&sig=a&snapshot=2")]
    [InlineData("page=1#X-Amz-Date=1&X-Amz-Signature=1", "page=1#X-Amz-Date=1&X-Amz-Signature=2")]
    public void Every_other_parameter_counts(string first, string second)
    {
        string With(string query) => One($$"""{"image":"{{Place}}?{{query}}"}""", Box("a", "img"));
        using KindSlice one = KindSlice.Of(With(first));
        using KindSlice other = KindSlice.Of(With(second));

        Assert.NotEqual(one.Added.LabelSha256, other.Added.LabelSha256);
    }

    [Fact]
    public void Links_inside_lists_and_objects_are_renewed_too_and_keys_are_not_links()
    {
        static string Link(string sign, string name) => $"https://s.example.com/ep/{name}.jpg?X-Amz-Date={sign}&X-Amz-Signature={sign}";
        static string With(string sign) => One(
            $$"""{"pages":[{"page":"{{Link(sign, "1")}}"},{"page":"{{Link(sign, "2")}}"}],"more":{"list":[["{{Link(sign, "3")}}"]],"deep":{"x":"{{Link(sign, "4")}}" } } }""",
            Box("a", "page_1"));
        static string Keyed(string sign) => One($$"""{"image":"/d/1.jpg","sizes":{"{{Link(sign, "1")}}":3} }""", Box("a", "img"));
        using KindSlice one = KindSlice.Of(With("1"));
        using KindSlice other = KindSlice.Of(With("2"));
        using KindSlice key = KindSlice.Of(Keyed("1"));
        using KindSlice otherKey = KindSlice.Of(Keyed("2"));

        Assert.Equal(one.Added.LabelSha256, other.Added.LabelSha256);
        Assert.Equal(one.Hashes(), other.Hashes());
        Assert.Equal(["https://s.example.com/ep/2.jpg"], one.Read("boxes", "media"));
        Assert.NotEqual(key.Added.LabelSha256, otherKey.Added.LabelSha256);
    }

    [Fact]
    public void Where_only_data_differs_and_no_row_check_warns_and_names_the_keys()
    {
        static string With(string note, string image = "/d/ep/4.jpg") => One($$"""{"image":"{{image}}","note":"{{note}}","batch":{"n":"{{note}}"} }""", Box("a", "img"));
        using KindSlice slice = KindSlice.Of(With("one"));

        DriftReport report = slice.CheckWith(With("two"));
        DriftFinding finding = Assert.Single(report.Findings);
        Assert.Equal((DriftStatus.Clean, DriftKind.ExportRewritten, DriftSeverity.Warning), (report.Status, finding.Kind, finding.Severity));
        Assert.Contains("batch", finding.Message, StringComparison.Ordinal);
        Assert.Contains("note", finding.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("image", finding.Message, StringComparison.Ordinal);

        report = slice.CheckWith(With("two", "/d/ep/5.jpg"));
        finding = Assert.Single(report.Findings);
        Assert.Equal((DriftStatus.Drifted, DriftKind.ExportRewritten, DriftSeverity.Error), (report.Status, finding.Kind, finding.Severity));
    }

    [Theory]
    [InlineData("czM6Ly9ia3QvdGFza18wMS9lcGlzb2RlXzA3L2ZyYW1lXzAwMTIuanBn")]
    [InlineData("czM6Ly9ia3QvdGFza18wMS9lcGlzb2RlXzA3L_CfkI5fZnJhbWVfMTIuanBn")]
    [InlineData("czM6Ly9ia3QvdGFza18wMS9lcGlzb2RlXzA3L%2FCfkI5fZnJhbWVfMTIuanBn")]
    [InlineData("Z3M6Ly9iL3Rhc2tfMDEvZXBpc29kZV8wNy9mXzEyLmpwZw==")]
    [InlineData("Z3M6Ly9iL3Rhc2tfMDEvZXBpc29kZV8wNy9mXzEyLmpwZw%3D%3D")]
    [InlineData("Z3M6Ly9iL3Rhc2tfMDEvZXBpc29kZV8wNy9mXzEyLmpwZw&presign=1")]
    [InlineData("YXp1cmUtYmxvYjovL2MvdGFza18wMS9lcGlzb2RlXzA3L2ZfMTIuanBnP3N2PTEmc2lnPWFh")]
    public void A_resolve_link_is_decoded_in_both_alphabets_and_with_any_padding(string encoded)
    {
        using KindSlice slice = KindSlice.Of(One($$"""{"image":"/tasks/5/resolve/?fileuri={{encoded}}"}""", Box("a", "img")));

        Assert.Equal(["task_01 episode_07 12"], slice.Read("boxes", "task_subdir", "episode", "frame"));
    }

    [Fact]
    public void Tasks_that_share_a_frame_by_guesses_are_counted_once_with_an_example()
    {
        static string At(string id, string image, string more = "") => Task(
            id, $$"""{"image":"{{image}}"{{more}}}""", Annotation(id, "1", Box("a" + id, "img")));
        using KindSlice slice = KindSlice.Of(Export(
            At("9", "/data/upload/7/1a2b3c4d-001.jpg"),
            At("4", "/data/upload/7/99887766-001.jpg"),
            At("6", "/data/upload/8/00112233-001.jpg"),
            At("1", "/data/upload/7/1a2b3c4d-002.jpg")));

        TallyNote note = Assert.Single(slice.Tally.Notes);
        Assert.Equal((TallyNoteKind.SharedFrames, 3L, true), (note.Kind, note.Count, note.IsWarning));
        Assert.Equal(new SharedFrame(4, 6, "", "001", 1), slice.Tally.SharedFrame);
        Assert.Contains("tasks 4 and 6", note.Message, StringComparison.Ordinal);
        Assert.Equal("harvest.fields.episode", Assert.IsType<RemedyAction.EditSetting>(Assert.Single(note.Remedy.Actions)).Key);

        using KindSlice mapped = KindSlice.Of(Export(
            At("1", "/data/upload/7/1a2b3c4d-001.jpg", """, "task_subdir":"t","episode":"e","frame":1"""),
            At("2", "/data/upload/7/99887766-001.jpg", """, "task_subdir":"t","episode":"e","frame":1""")));
        Assert.Empty(mapped.Tally.Notes);
        using KindSlice apart = KindSlice.Of(Export(
            At("1", "/data/upload/7/1a2b3c4d-001.jpg", """, "episode":"e1" """), At("2", "/data/upload/7/99887766-001.jpg", """, "episode":"e2" """)));
        Assert.Empty(apart.Tally.Notes);
    }

    [Fact]
    public void Two_cameras_of_one_frame_share_nothing()
    {
        using KindSlice slice = KindSlice.Of(One(
            """{"left":"/data/upload/7/1a2b3c4d-001.jpg","right":"/data/upload/7/99887766-001.jpg"}""", Box("a", "left"), Box("b", "right")));

        Assert.Equal(["001 1 left", "001 1 right"], slice.Read("boxes", "episode", "frame", "to_name"));
        Assert.Empty(slice.Tally.Notes);
    }
}
