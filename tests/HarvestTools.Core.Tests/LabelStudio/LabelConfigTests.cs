using System.Text;
using HarvestTools.LabelStudio.Configs;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests.LabelStudio;

/// <summary>Which data a tag shows and which labels a control offers, by the project's labeling configuration.</summary>
public sealed class LabelConfigTests
{
    [Theory]
    [InlineData("""<Image name="m" value="$image"/>""", "image", false)]
    [InlineData("""<Image name="m" value="$a.b"/>""", "a/b", false)]
    [InlineData("""<Image name="m" value="$pages[0].url"/>""", "pages/0/url", false)]
    [InlineData("""<Image name="m" valueList="$images"/>""", "images", true)]
    [InlineData("""<Image name="m" value="$image" valueList="$images"/>""", "images", true)]
    [InlineData("""<image NAME="m" VALUELIST="$images"/>""", "images", true)]
    [InlineData("""<Paragraphs name="m" value="$dialogue" layout="dialogue"/>""", "dialogue", false)]
    [InlineData("""<NewTagOfALaterRelease name="m" value="$x"/>""", "x", false)]
    public void An_object_tag_shows_the_data_that_its_value_names(string tag, string path, bool isList)
    {
        LabelConfig config = Parse($"<View>{tag}</View>");

        Assert.True(config.TryFindData("m"u8, out LabelConfigSource source));
        Assert.Equal((path, isList), (source.ToString(), source.IsList));
        Assert.False(config.TryFindData("other"u8, out _));
    }

    [Theory]
    [InlineData("""<Text name="m" value="The same text for all"/>""")]
    [InlineData("""<Text name="m" value="Title: $title"/>""")]
    [InlineData("""<Text name="m" value="$first $second"/>""")]
    [InlineData("""<Text name="m" value="$"/>""")]
    [InlineData("""<Image name="m" value="$my-image"/>""")]
    [InlineData("""<Choices name="m" toName="x" value="$options"/>""")]
    [InlineData("""<HyperText name="h" value="$html"><input name="m" value="$x"/></HyperText>""")]
    public void What_is_no_medium_names_no_data(string tag) => Assert.False(Parse($"<View>{tag}</View>").TryFindData("m"u8, out _));

    [Fact]
    public void Steps_are_keys_and_positions()
    {
        Assert.True(Parse("""<View><Image name="m" value="$pages[12].10k"/></View>""").TryFindData("m"u8, out LabelConfigSource source));

        Assert.Equal(["pages", "12", "10k"], source.Steps.ToArray().Select(static step => Encoding.UTF8.GetString(step.Key)));
        Assert.Equal([-1, 12, -1], source.Steps.ToArray().Select(static step => step.Index));
        Assert.Equal("pages[12].10k"u8, source.LiteralKey);
    }

    [Theory]
    [InlineData("page_0", "pages/0/url")]
    [InlineData("page_12", "pages/12/url")]
    [InlineData("page_012", null)]
    [InlineData("page_", null)]
    [InlineData("page_x", null)]
    [InlineData("page_1x", null)]
    [InlineData("page_99999999999999999999", null)]
    [InlineData("page_{{idx}}", null)]
    public void A_repeated_tag_shows_the_entry_that_its_name_numbers(string toName, string? path)
    {
        LabelConfig config = Parse("""<View><Repeater on="$pages"><View><Image name="page_{{idx}}" value="$pages[{{idx}}].url"/></View></Repeater></View>""");

        Assert.Equal(path, Find(config, toName));
    }

    [Theory]
    [InlineData("""<Repeater on="$p" indexFlag="%i%"><Image name="m%i%x" value="$p[%i%]"/></Repeater>""", "m3x", "p/3")]
    [InlineData("""<Repeater on="$p"><Image name="m_{{idx}}" value="$page_{{idx}}"/></Repeater>""", "m_3", "page_3")]
    [InlineData("""<Repeater on="$p"><Image name="m{{idx}}0" value="$p[{{idx}}]"/></Repeater>""", "m100", "p/10")]
    [InlineData("""<Repeater on="$p"><Image name="m_{{idx}}_{{idx}}" value="$p[{{idx}}]"/></Repeater>""", "m_1_2", null)]
    [InlineData("""<Repeater on="$p"><Image name="m" value="$p[{{idx}}]"/></Repeater>""", "m", null)]
    [InlineData("""<Repeater on="$p" indexFlag="{{a}}"><Repeater on="$p[{{a}}].q" indexFlag="{{b}}"><Image name="m_{{a}}_{{b}}" value="$p[{{a}}].q[{{b}}]"/></Repeater></Repeater>""", "m_2_31", "p/2/q/31")]
    [InlineData("""<Repeater on="$p" indexFlag="{{a}}"><Repeater on="$p[{{a}}].q" indexFlag="{{b}}"><Image name="m{{a}}{{b}}" value="$p[{{a}}].q[{{b}}]"/></Repeater></Repeater>""", "m231", null)]
    [InlineData("""<Repeater on="$p"><Text name="t_{{idx}}" value="$p[{{idx}}]"/></Repeater><Image name="m_{{idx}}" value="$x"/>""", "m_3", null)]
    public void Placeholders_stand_for_positions_inside_their_Repeater_alone(string tags, string toName, string? path) =>
        Assert.Equal(path, Find(Parse($"<View>{tags}</View>"), toName));

    [Fact]
    public void A_fixed_name_goes_before_a_repeated_one()
    {
        LabelConfig config = Parse("""
            <View><Repeater on="$p"><Image name="m_{{idx}}" value="$p[{{idx}}]"/></Repeater><Image name="m_7" value="$seventh"/></View>
            """);

        Assert.Equal("seventh", Find(config, "m_7"));
        Assert.Equal("p/8", Find(config, "m_8"));
    }

    [Theory]
    [InlineData("l", "Car", "Known")]
    [InlineData("l", "car", "Unknown")]
    [InlineData("l", "H", "Known")]
    [InlineData("l", "Hand", "Known")]
    [InlineData("l", "", "Unknown")]
    [InlineData("c", "M", "Known")]
    [InlineData("c", "Male", "Unknown")]
    [InlineData("c", "Inner", "Known")]
    [InlineData("c", "Car", "Unknown")]
    [InlineData("t", "NY Times", "Known")]
    [InlineData("t", "Online", "Known")]
    [InlineData("t", "Le Monde", "Unknown")]
    [InlineData("dynamic", "anything", "Open")]
    [InlineData("api", "anything", "Open")]
    [InlineData("fromTask", "anything", "Open")]
    [InlineData("text", "anything", "Open")]
    [InlineData("rect", "anything", "Open")]
    [InlineData("chat", "anything", "Open")]
    [InlineData("none", "anything", "Unknown")]
    [InlineData("m", "Car", "NoSuchControl")]
    [InlineData("filter", "Car", "NoSuchControl")]
    [InlineData("gone", "Car", "NoSuchControl")]
    public void A_controls_labels_are_known_unknown_or_open(string fromName, string label, string knowledge)
    {
        LabelConfig config = Parse("""
            <View>
              <Image name="m" value="$image"/>
              <Filter name="filter" toName="l"/>
              <RectangleLabels name="l" toName="m, n"><View><Label value="Car" background="red"/></View><Label value="Hand" alias="H"/><Label/></RectangleLabels>
              <Choices name="c" toName="m"><View><Choice value="Male" alias="M"><Choice value="Inner"/></Choice></View></Choices>
              <Taxonomy name="t" toName="m"><Choice value="Online"><Choice value="Paywall"><Choice value="NY Times"/></Choice></Choice></Taxonomy>
              <Labels name="dynamic" toName="m" value="$labels"><Label value="Fixed"/></Labels>
              <Taxonomy name="api" toName="m" apiUrl="https://example.com/items"/>
              <Choices name="fromTask" toName="m"><Choice value="$best"/></Choices>
              <TextArea name="text" toName="m" value="$draft"/>
              <Rectangle name="rect" toName="m"/>
              <Chat name="chat" value="$messages"/>
              <BrushLabels name="none" toName="m"/>
            </View>
            """);

        Assert.Equal(knowledge, config.Knows(Encoding.UTF8.GetBytes(fromName), Encoding.UTF8.GetBytes(label)).ToString());
    }

    [Fact]
    public void A_control_names_all_tags_that_it_labels()
    {
        LabelConfig config = Parse("""<View><RectangleLabels name="l" toName="a, b,c"><Label value="x"/></RectangleLabels><Rectangle name="r"/></View>""");

        Assert.Equal(["a", "b", "c"], config.Controls[0].ToNames.Select(static name => Encoding.UTF8.GetString(name.Fixed)));
        Assert.Equal(("RectangleLabels", 1), (config.Controls[0].Type, config.Controls[0].Labels));
        Assert.Empty(config.Controls[1].ToNames);
    }

    [Fact]
    public void A_repeated_control_is_known_under_every_number()
    {
        LabelConfig config = Parse("""
            <View><Repeater on="$p"><Choices name="c_{{idx}}" toName="m_{{idx}}"><Choice value="Page {{idx}}"/><Choice value="None"/></Choices></Repeater></View>
            """);

        Assert.Equal(LabelKnowledge.Known, config.Knows("c_41"u8, "None"u8));
        Assert.Equal(LabelKnowledge.Known, config.Knows("c_41"u8, "Page 41"u8));
        Assert.Equal(LabelKnowledge.Unknown, config.Knows("c_41"u8, "Page 40"u8));
        Assert.Equal(LabelKnowledge.NoSuchControl, config.Knows("c_"u8, "None"u8));
    }

    [Theory]
    [InlineData("", "LabelConfigNotXml", "c.xml is not the XML of a labeling configuration: it begins with nothing")]
    [InlineData("  {\"label_config\":\"<View/>\"}", "LabelConfigNotXml", "begins with JSON")]
    [InlineData("name,age", "LabelConfigNotXml", "begins with 'n'")]
    [InlineData("<View>\n  <Image name=\"a\" value=\"$a\">\n</View>", "LabelConfigMalformed", "c.xml, line 3, column 3: the XML is not well-formed at '</View>'")]
    [InlineData("<View>\n  <Label value=\"A & B\"/></View>", "LabelConfigMalformed", "c.xml, line 2, column 20: the XML is not well-formed at '& B\"/></View>'")]
    [InlineData("<View>\n  <Image name=\"a\"", "LabelConfigMalformed", "c.xml, line 2, column ")]
    [InlineData("<View><Image name=\"a\" value=\"&nbsp;\"/></View>", "LabelConfigMalformed", "c.xml, line 1, column 31: the XML is not well-formed at '&nbsp;\"/></View>'")]
    [InlineData("<?xml version=\"1.0\"?>\n<!DOCTYPE v [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><View><Image name=\"a\" value=\"&x;\"/></View>", "LabelConfigHasDtd", "c.xml, line 2, column 1: ")]
    [InlineData("<View>\n <Image name=\"a\" value=\"$a\"/>\n\n <Labels name=\"a\" toName=\"a\"/></View>", "LabelConfigNameRepeated", "c.xml, line 4, column 3: the name \"a\" is given a second time; line 2 has it already")]
    [InlineData("<svg><g id=\"a\"/></svg>", "LabelConfigHasNoTags", "c.xml is XML but no labeling configuration")]
    public void What_is_no_configuration_is_refused_with_its_place(string text, string id, string message)
    {
        HarvestException error = Assert.Throws<HarvestException>(() => Parse(text));

        Assert.Equal(id, error.ErrorId);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal("c.xml", error.Subject);
    }

    [Fact]
    public void A_file_beyond_the_limit_is_not_parsed()
    {
        HarvestException error = Assert.Throws<HarvestException>(() => LabelConfig.Parse(new byte[LabelConfigParser.LargestFile + 1], "c.xml"));

        Assert.Equal("LabelConfigTooLarge", error.ErrorId);
    }

    [Fact]
    public void Marks_and_encodings_that_editors_save_are_read()
    {
        const string Xml = """<View><Image name="m" value="$image"/><Labels name="l" toName="m"><Label value="Größe"/></Labels></View>""";

        foreach (Encoding encoding in (Encoding[])[new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode])
        {
            LabelConfig config = LabelConfig.Parse([.. encoding.GetPreamble(), .. encoding.GetBytes(Xml)], "c.xml");
            Assert.Equal(LabelKnowledge.Known, config.Knows("l"u8, "Größe"u8));
        }
    }

    [Theory]
    [InlineData("golden/evalme_multi_annotator_bbox/config.xml", "label", "Road")]
    [InlineData("golden/sdk_coco/config.xml", "keypoint_label", "keypoint_label2")]
    [InlineData("golden/sdk_yolo/config.xml", "label", "parasites")]
    [InlineData("golden/sdk_yolo_keypoints/config.xml", "keypoints", "right_ankle")]
    [InlineData("golden/sdk_yolo_obb/config.xml", "label", "butterfly")]
    [InlineData("official/sdk/test_export_coco/label_config.xml", "polygon_label", "polygon_label")]
    [InlineData("official/sdk/test_export_json_min/label_config.xml", "label", "Airplane")]
    [InlineData("official/sdk/test_export_yolo/label_config_keypoints.xml", "bbox", "person")]
    public void Official_configurations_are_understood(string file, string fromName, string label)
    {
        byte[] from = Encoding.UTF8.GetBytes(fromName);
        LabelConfig config = LabelConfig.Parse(File.ReadAllBytes(SharedExports.Require(file)), file);

        Assert.Equal("image", Find(config, "image"));
        Assert.Equal(LabelKnowledge.Known, config.Knows(from, Encoding.UTF8.GetBytes(label)));
        Assert.Equal(LabelKnowledge.Unknown, config.Knows(from, Encoding.UTF8.GetBytes(label + " ")));
    }

    private static LabelConfig Parse(string xml) => LabelConfig.Parse(Encoding.UTF8.GetBytes(xml), "c.xml");

    private static string? Find(LabelConfig config, string toName) =>
        config.TryFindData(Encoding.UTF8.GetBytes(toName), out LabelConfigSource source) ? source.ToString() : null;
}
