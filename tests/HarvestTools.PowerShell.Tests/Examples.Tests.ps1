#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# Every example of the help pages and of the README, run as it stands in a small repository laid out like the demonstration's.

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule
    $examples = foreach ($name in Get-Command -Module HarvestTools | ForEach-Object Name) {
        foreach ($example in (Get-Help $name -Full).examples.example) {
            @{ Title = "$name, $($example.title.Trim('- '))"; Code = $example.code }
        }
    }
}

BeforeAll {
    Import-Module "$PSScriptRoot/Shared/TestExports.psm1" -Force
    Import-TestedModule
    $root = Get-ProjectRoot
    $demo = New-TestRepository "$TestDrive/demo" -Empty
    $null = New-Item -ItemType Directory "$demo/eval"
    Set-Content "$demo/eval/frames.txt" 'fold_towel/episode_0001'
    foreach ($week in 1..4) {
        $names = @{ a = 'project_a_video'; b = 'project_b_handobj'; c = 'project_c_body' }
        $first = @{ a = 10000; b = 1; c = 20000 }
        foreach ($project in $names.Keys) {
            $file = "$demo/label_studio/week_0$week/$($names[$project]).json"
            $null = New-TestExport $file -Tasks (6 * $week) -FirstTask $first[$project] -ProjectId ([int][char] $project - 96) | Add-Export -Project $project -Repository $demo
        }

        $trained = $week -eq 1 ? @{ TrainedAt = '2026-04-18T08:00:00Z'; ModelOutput = @{ hand_keypoint = 'models/hand_kp/v1.pt' } } : @{}
        $null = New-Slice "v$week" -Reason "week $week" -Repository $demo @trained
    }

    # The same labels exported again: only bytes that Label Studio moves by itself differ.
    $null = New-TestExport "$demo/label_studio/week_02/project_c_body_again.json" -Tasks 12 -FirstTask 20000 -ProjectId 3 -Ago '2 hours'

    # A folder that others see too.
    $null = New-Item -ItemType Directory "$TestDrive/share"
    $settings = Get-Content "$demo/harvest.json" -Raw | ConvertFrom-Json -AsHashtable
    $settings.remotes = @{ origin = "$TestDrive/share" }
    $settings | ConvertTo-Json -Depth 20 | Set-Content "$demo/harvest.json"
    $null = Send-Slice -Repository $demo

    Set-Content "$demo/label_studio/project_b.xml" '<View><Image name="image" value="$image"/></View>'

    # A checkout, as a team has it.
    git -C $demo init --quiet
    git -C $demo config user.name t
    git -C $demo config user.email t@example.org
    git -C $demo add harvest.json
    git -C $demo commit --quiet --message 'settings'

    # Somebody exports over a file, so that there is drift to tell of.
    $null = New-TestExport "$demo/label_studio/week_03/project_b_handobj.json" -Tasks 18 -ProjectId 2 -Shift 1
}

Describe 'The example' {
    BeforeAll {
        # What is trusted is the user's own, and no test's.
        $env:HARVEST_TRUST_FOLDER = "$TestDrive/trust"
    }

    AfterAll { $env:HARVEST_TRUST_FOLDER = $null }

    BeforeEach { Push-Location $demo }
    AfterEach {
        Pop-Location
        Remove-Item "$demo/slices/v5", "$demo/training-sets" -Recurse -Force -ErrorAction Ignore
    }

    It 'runs: <Title>' -ForEach $examples {
        if ($Title -match '^Initialize-HarvestRepository, .*current location') {
            $null = New-Item -ItemType Directory -Force "$TestDrive/fresh"
            Set-Location "$TestDrive/fresh"
        }

        $result = Invoke-Recorded ([scriptblock]::Create($Code))
        $result.Errors | Should -BeNullOrEmpty
        if ($Code -notmatch 'Export-Csv|Where-Object (Severity|Status|State|IsAffected)|Write-Warning|-WhatIf') {
            $result.Output | Should -Not -BeNullOrEmpty
        }
    }
}

Describe 'The examples of Compare-Export' {
    It 'show relabelled tasks where they speak of them' {
        $example = (Get-Help Compare-Export -Full).examples.example | Where-Object title -Match 'relabelled'
        Push-Location $demo
        try { (Invoke-Recorded ([scriptblock]::Create($example.code))).Output.Change | Should -Contain 'Relabelled' } finally { Pop-Location }
    }
}

Describe 'The tour of the README' {
    It 'runs from an import to a decision' {
        $readme = Get-Content "$root/README.md" -Raw
        $tour = [regex]::Match($readme, '(?s)## Five minutes in PowerShell.*?```powershell\r?\n(.*?)```').Groups[1].Value
        $tour | Should -Match 'New-Slice'
        $exports = New-Item -ItemType Directory "$TestDrive/tour/harvest-demo/label_studio/week_01"
        Copy-Item "$demo/label_studio/week_01/project_b*.json" $exports
        Push-Location "$TestDrive/tour"
        try {
            $result = Invoke-Recorded ([scriptblock]::Create($tour.Replace('./HarvestTools.psd1', "'$root/HarvestTools.psd1'")))
            $result.Errors | Should -BeNullOrEmpty
            $result.Output | Where-Object { $_ -is [HarvestTools.Decisions.States.RetrainDecision] } | ForEach-Object Reason | Should -Not -BeNullOrEmpty
        } finally {
            Pop-Location
        }
    }
}

Describe 'The examples of the topics' {
    BeforeAll {
        $exports = New-Item -ItemType Directory "$TestDrive/topics/harvest-demo/label_studio/week_01"
        Copy-Item "$demo/label_studio/week_01/project_b*.json" $exports
        Push-Location "$TestDrive/topics"
    }
    AfterAll { Pop-Location }

    # In this order: the first makes the repository that the others work in, as somebody who reads them would.
    It 'run: <_>' -ForEach 'about_HarvestTools', 'about_Slices', 'about_RetrainDecision', 'about_Drift' {
        $blocks = [regex]::Matches((Get-Content "$root/docs/en-US/$_.md" -Raw), '(?s)```powershell\r?\n(.*?)```')
        $blocks.Count | Should -BeGreaterThan 0
        foreach ($block in $blocks) {
            # An example that ends a script would end the tests.
            $code = $block.Groups[1].Value -replace '\bexit 1\b', 'Write-Error exit'
            (Invoke-Recorded ([scriptblock]::Create($code))).Errors | Should -BeNullOrEmpty
        }
    }

    It 'leave the slices that they cut' {
        (Get-Slice).Version | Should -Be 'v1', 'v2', 'v3'
    }
}
