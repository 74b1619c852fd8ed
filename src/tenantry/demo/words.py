"""Names, streets and cities that the demo's companies and people are made of; made up, so nobody is meant."""

COMPANY = (
    "Alder Amber Anchor Arbor Aster Basalt Beacon Birch Bramble Brook Cedar Cinder Cobalt Copper Coral Cove Crest "
    "Dale Delta Drift Dune Ember Fable Falcon Fern Field Fjord Flint Forge Garnet Glade Grove Harbor Hazel Heron "
    "Hollow Indigo Iris Ivory Jasper Juniper Kestrel Lagoon Lantern Lark Laurel Lichen Linden Lumen Maple Marble "
    "Meadow Mistral Moss Nectar Nimbus Oak Opal Orchard Osprey Pebble Pine Plume Poplar Prairie Quarry Quartz Raven "
    "Reed Ridge River Rowan Saffron Sage Sequoia Shale Silver Slate Sorrel Spruce Summit Tamarind Teal Thistle Tidal "
    "Timber Topaz Umber Vale Verbena Vesper Willow Wren Yarrow Zephyr"
).split()
TRADE = (
    "Architects Bakery Biotech Books Brewery Ceramics Clinic Coffee Consulting Cycles Dental Design Energy "
    "Engineering Films Foods Freight Furniture Gardens Glass Hotels Insurance Kitchens Labs Law Logistics Media "
    "Metals Music Optics Paper Pharma Plastics Press Printing Robotics School Shipping Solar Studios Textiles Tools "
    "Travel Wines"
).split()
INDUSTRY = (
    "Construction Education Energy Finance Food Health Hospitality Law Logistics Manufacturing Media Retail Travel"
).split()
FIRST = (
    "Adele Anton Beatriz Carlos Clara Daniel Elena Emil Eva Felix Frida Georg Hanna Ivan Julia Karin Lars Lena Luca "
    "Marie Marta Nils Olga Paul Rosa Sofia Theo Vera"
).split()
LAST = (
    "Albrecht Berg Costa Dimitriou Ek Ferrari Garcia Hoffmann Ibsen Jansen Keller Lopez Moreau Nowak Olsen Petrov "
    "Rossi Schmidt Tanaka Unger Vidal Weber Ziegler"
).split()
STREET = (
    "Harbour Street|Station Road|Mill Lane|Market Square|Linden Avenue|Castle Hill|River Walk|Garden Street|"
    "Bridge Road|Church Street"
).split("|")
CITY = {
    "DE": (("DE-BE", "Berlin", "10115"), ("DE-BY", "München", "80331"), ("DE-HH", "Hamburg", "20095")),
    "AT": (("AT-9", "Wien", "1010"), ("AT-6", "Graz", "8010")),
    "GR": (("GR-I", "Αθήνα", "105 57"), ("GR-B", "Θεσσαλονίκη", "546 24")),
    "FR": (("FR-75C", "Paris", "75001"), ("FR-69", "Lyon", "69001")),
    "NL": (("NL-NH", "Amsterdam", "1012"), ("NL-ZH", "Rotterdam", "3011")),
    "SE": (("SE-AB", "Stockholm", "111 20"), ("SE-O", "Göteborg", "411 03")),
    "US": (("US-NY", "New York", "10001"), ("US-WA", "Seattle", "98101")),
}
ROLES = "Managing Director|Head of IT|Accounts Payable|Office Manager|Purchasing".split("|")
