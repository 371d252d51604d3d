using System.Text;

namespace HarvestTools.Samples;

/// <summary>The words that made projects label with, and where points lie in their box.</summary>
internal static class SampleVocabulary
{
    public static readonly string[] TaskSubdirs =
        ["fold_towel", "plug_cable", "pour_water", "stack_cups", "open_jar", "wipe_table"];

    public static readonly byte[][] Actions = Utf8(
        "reach", "grasp", "lift", "move", "place", "release", "fold", "insert", "pour", "twist", "wipe", "idle");

    /// <summary>Labels of boxes: two hands, the person, then objects.</summary>
    public static readonly byte[][] Boxes = Utf8(
        "left_hand", "right_hand", "person", "towel", "cable", "socket", "cup", "jug", "jar", "lid", "cloth", "table");

    public const int PersonBox = 2;

    public const int FirstObjectBox = 3;

    public static readonly byte[][] Occlusions = Utf8("none", "partial", "heavy");

    public static readonly byte[][] HandPoints = Utf8(
        "wrist", "thumb_cmc", "thumb_mcp", "thumb_ip", "thumb_tip", "index_mcp", "index_pip", "index_dip", "index_tip",
        "middle_mcp", "middle_pip", "middle_dip", "middle_tip", "ring_mcp", "ring_pip", "ring_dip", "ring_tip",
        "pinky_mcp", "pinky_pip", "pinky_dip", "pinky_tip");

    /// <summary>x and y of each hand point in thousandths of the hand's box.</summary>
    public static readonly short[] HandPositions =
    [
        500, 940, 340, 860, 220, 740, 130, 630, 70, 540, 350, 480, 310, 320, 290, 210, 280, 110,
        480, 450, 470, 270, 465, 160, 460, 60, 600, 470, 620, 300, 630, 190, 640, 100, 710, 520, 760, 400, 790, 320, 820, 240,
    ];

    public static readonly byte[][] BodyPoints = Utf8(
        "nose", "left_eye_inner", "left_eye", "left_eye_outer", "right_eye_inner", "right_eye", "right_eye_outer",
        "left_ear", "right_ear", "mouth_left", "mouth_right", "left_shoulder", "right_shoulder", "left_elbow",
        "right_elbow", "left_wrist", "right_wrist", "left_pinky", "right_pinky", "left_index", "right_index",
        "left_thumb", "right_thumb", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
        "left_heel", "right_heel", "left_foot_index", "right_foot_index");

    /// <summary>x and y of each body point in thousandths of the person's box.</summary>
    public static readonly short[] BodyPositions =
    [
        500, 80, 520, 60, 535, 60, 550, 60, 480, 60, 465, 60, 450, 60, 570, 70, 430, 70, 520, 105, 480, 105, 680, 200, 320, 200,
        780, 340, 220, 340, 840, 470, 160, 470, 860, 510, 140, 510, 850, 520, 150, 520, 830, 500, 170, 500, 600, 530, 400, 530,
        620, 740, 380, 740, 630, 930, 370, 930, 620, 955, 380, 955, 660, 970, 340, 970,
    ];

    /// <summary>The labels that a region's index refers to.</summary>
    public static byte[][] Labels(SampleKind project, SampleRegionKind kind) => kind switch
    {
        SampleRegionKind.Timeline => Actions,
        SampleRegionKind.Rectangle => Boxes,
        _ => project == SampleKind.Body ? BodyPoints : HandPoints,
    };

    public static string TypeName(SampleRegionKind kind) => kind switch
    {
        SampleRegionKind.Keypoint => "keypointlabels",
        SampleRegionKind.Rectangle => "rectanglelabels",
        _ => "timelinelabels",
    };

    public static string OriginName(SampleOrigin origin) => origin switch
    {
        SampleOrigin.Manual => "manual",
        SampleOrigin.Prediction => "prediction",
        _ => "prediction-changed",
    };

    private static byte[][] Utf8(params string[] words) => Array.ConvertAll(words, Encoding.UTF8.GetBytes);
}
